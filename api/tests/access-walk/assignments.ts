import { type Lines, read, write } from "./line.ts";

export const assignments: Lines<"assignments"> = {
	getNodeAssignments: read("plans:read"),
	setNodeAssignments: write("editor", "plans:write", ({ agentId }) => ({ body: { assignees: [{ agent_id: agentId }] } })),
	listAssignments: read("plans:read"),
};
