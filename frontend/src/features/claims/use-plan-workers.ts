import type { Assignment, Claim } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { planAssignmentsQuery } from "../../queries/assignments.ts";
import { planClaimsQuery } from "../../queries/claims.ts";
import { formatTime } from "../../time/format.ts";

type Mark = { name: string; label: string; working: boolean };

/** Who is at a node, else who was assigned to it first. */
const marksOf = (claims: Claim[], assignments: Assignment[]): ReadonlyMap<string, Mark> => {
	const marks = new Map<string, Mark>();
	// Newest first: what comes later was there before.
	for (const { node_id, name } of assignments) marks.set(node_id, { name, label: `Assigned to ${name}`, working: false });
	for (const { node, holder, lease_until } of claims)
		marks.set(node.id, { name: holder.name, label: `${holder.name} works on it until ${formatTime(lease_until)}`, working: true });
	return marks;
};

export const usePlanWorkers = (projectId: string, planId: string): ReadonlyMap<string, Mark> => {
	const claims = useQuery(planClaimsQuery(projectId, planId)).data?.items;
	const assignments = useQuery(planAssignmentsQuery(projectId, planId)).data?.items;
	return useMemo(() => marksOf(claims ?? [], assignments ?? []), [claims, assignments]);
};
