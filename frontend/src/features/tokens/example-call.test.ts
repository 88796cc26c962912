import type { CreatedToken, Scope } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { answerCall, exampleCall } from "./example-call.ts";

const created = (...scopes: Scope[]) => ({ token: "ap_secret", scopes }) as CreatedToken;
const call = (scopes: Scope[], subject = { nodeId: "node-1", agentId: "agent-1" } as Parameters<typeof exampleCall>[3]) =>
	exampleCall("https://plans.example.com", "p", created(...scopes), subject);

it("asks an agent where the scopes allow it", () => {
	expect(call(["plans:read", "requests:create"])).toBe(
		`curl -s -H 'x-api-key: ap_secret' -H 'content-type: application/json' -d '{"node_id":"node-1","question":"What is missing here?","targets":[{"agent_id":"agent-1"}]}' 'https://plans.example.com/api/v1/projects/p/requests'`,
	);
});

it("leaves the question to the default routes without an agent, and names what is to be filled in without a task", () => {
	expect(call(["requests:create"], { nodeId: null, agentId: null })).toContain(
		`-d '{"node_id":"NODE","question":"What is missing here?"}'`,
	);
});

it("reads something that the scopes allow otherwise", () => {
	expect(call(["requests:read", "requests:answer"])).toBe(
		"curl -s -H 'x-api-key: ap_secret' 'https://plans.example.com/api/v1/projects/p/requests'",
	);
	expect(call(["agents:read"])).toMatch(/\/projects\/p\/agents'$/);
	expect(call(["project:read"])).toMatch(/\/projects\/p'$/);
});

it("reads the answer where the scopes allow both asking and reading", () => {
	const answer = (...scopes: Scope[]) => answerCall("https://plans.example.com", "p", created(...scopes));
	expect(answer("requests:create", "requests:read")).toBe(
		"curl -s -H 'x-api-key: ap_secret' 'https://plans.example.com/api/v1/projects/p/requests/ID'",
	);
	expect(answer("requests:create")).toBeNull();
	expect(answer("requests:read")).toBeNull();
});
