import { randomUUID } from "node:crypto";
import { type Lines, read, write } from "./line.ts";

export const agents: Lines<"agents"> = {
	createAgent: write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
	listAgents: read("agents:read"),
	getAgent: read("agents:read"),
	updateAgent: write("editor", "agents:write", () => ({ body: { name: randomUUID() } })),
};
