import { randomUUID } from "node:crypto";
import { type Line, type Lines, read, write } from "./line.ts";

const byAgent: Line = { least: "owner", scope: null, agentsAlone: true };

export const agents: Lines<"agents"> = {
	createAgent: write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
	listAgents: read("agents:read"),
	getAgent: read("agents:read"),
	updateAgent: write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
	getOwnAgent: byAgent,
	beat: { ...byAgent, prepare: () => ({ body: {} }) },
};
