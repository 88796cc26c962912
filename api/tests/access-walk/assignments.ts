import { type Lines, list, read, write } from "./line.ts";

export const assignments: Lines<"assignments"> = {
	getNodeAssignments: read("plans:read"),
	setNodeAssignments: write("editor", "plans:write", ({ agentId }) => ({ body: { assignees: [{ agent_id: agentId }] } })),
	listAssignments: list("plans:read"),
};
