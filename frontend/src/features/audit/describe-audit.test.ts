import type { AuditEntry } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { auditActor, describeAudit } from "./describe-audit.ts";

const entry = (type: string, data: Record<string, unknown> = {}, actor: Record<string, unknown> = { type: "user", name: "Ada" }) =>
	({ type, data, actor, subject_id: "grace" }) as unknown as AuditEntry;
const names = {
	memberName: (id: string) => (id === "grace" ? "Grace" : null),
	integrationName: () => null,
	adapterLabel: (id: string) => (id === "chat" ? "Team chat" : id),
};

it("says what was done to whom", () => {
	expect(describeAudit(entry("project.member.changed", { from: "viewer", to: "admin" }), names)).toBe(
		"changed the role of Grace from viewer to admin",
	);
	expect(
		describeAudit(entry("token.created", { name: "CI", prefix: "ap_12345678", scopes: ["plans:read", "requests:create"] }), names),
	).toBe("made the token “CI” (ap_12345678…) for plans:read, requests:create");
});

it("names who has left and what is gone without guessing", () => {
	const nobody = { ...names, memberName: () => null };
	expect(describeAudit(entry("project.member.removed", { role: "editor" }), nobody)).toBe("removed somebody who has left, who was editor");
	expect(describeAudit(entry("invitation.accepted", { role: "editor" }), names)).toBe("accepted an invitation as editor");
	expect(describeAudit(entry("invitation.accepted"), names)).toBe("accepted an invitation");
	const moved = { allowed_networks: ["10.0.0.0/8"], previous_networks: [] };
	expect(describeAudit(entry("project.updated", moved), names)).toBe("let integrations reach 10.0.0.0/8 instead of no private networks");
	expect(describeAudit(entry("integration.created", { adapter: "webhook" }), names)).toBe("connected an integration");
});

it("says where somebody decided", () => {
	const decided = (via: string) => describeAudit(entry("decision.decided", { option: "Approve", via }), names);
	expect(["web", "api", "chat"].map(decided)).toEqual(["the web", "the API", "Team chat"].map((place) => `decided “Approve” via ${place}`));
});

it("names a kind it doesn't know as it is, and what the system did as AgentPlanner's", () => {
	expect(describeAudit(entry("plan.published"), names)).toBe("plan published");
	expect(auditActor(entry("plan.published", {}, { type: "adapter", adapter: "webhook" }))).toBe("AgentPlanner");
	expect(auditActor(entry("plan.published"))).toBe("Ada");
});
