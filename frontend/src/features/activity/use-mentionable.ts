import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { agentsQuery } from "../../queries/agents.ts";
import { usePeople } from "../../queries/people.ts";
import { useMay } from "../../queries/rights.ts";

export type Mentionable = { kind: "user" | "agent"; id: string; name: string };

/** Whom one can mention: the project's members, and its agents; for a guest, those with whom the plan is shared. */
export const useMentionable = (projectId: string, planId?: string): Mentionable[] => {
	const people = usePeople(projectId, planId);
	const seesAgents = useMay(projectId)("agents:read");
	const agents = useQuery({ ...agentsQuery(projectId), enabled: seesAgents }).data?.items;
	return useMemo(
		() => [
			...people.map(({ id, name }) => ({ kind: "user" as const, id, name })),
			...(agents ?? []).map(({ id, name }) => ({ kind: "agent" as const, id, name })),
		],
		[people, agents],
	);
};
