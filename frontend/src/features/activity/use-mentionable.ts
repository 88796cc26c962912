import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { agentsQuery } from "../../queries/agents.ts";
import { membersQuery } from "../../queries/members.ts";
import { useMay } from "../../queries/rights.ts";

export type Mentionable = { kind: "user" | "agent"; id: string; name: string };

/** Whom one can mention: the project's members, and its agents. */
export const useMentionable = (projectId: string): Mentionable[] => {
	const may = useMay(projectId);
	const members = useQuery({ ...membersQuery(projectId), enabled: may("members:read") }).data?.items;
	const agents = useQuery({ ...agentsQuery(projectId), enabled: may("agents:read") }).data?.items;
	return useMemo(
		() => [
			...(members ?? []).map(({ user_id, name }) => ({ kind: "user" as const, id: user_id, name })),
			...(agents ?? []).map(({ id, name }) => ({ kind: "agent" as const, id, name })),
		],
		[members, agents],
	);
};
