import { randomUUID } from "node:crypto";
import { type Lines, read, write } from "./line.ts";

export const integrations: Lines<"integrations"> = {
	listAdapters: { least: "known", scope: null },
	createIntegration: write("admin", "integrations:write", () => ({
		body: { adapter: "webhook", name: randomUUID(), settings: { url: "https://agent.example.org/" } },
	})),
	listIntegrations: read("integrations:read"),
	getIntegration: read("integrations:read"),
	updateIntegration: write("admin", "integrations:write", () => ({ body: { name: randomUUID() } })),
	testIntegration: write("admin", "integrations:write"),
	disableIntegration: write("admin", "integrations:write"),
	enableIntegration: write("admin", "integrations:write"),
};
