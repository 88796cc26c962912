import { type AuditEntry, type AuditType, viaName } from "@agentplanner/contracts";

type Names = {
	memberName: (userId: string) => string | null;
	integrationName: (integrationId: string) => string | null;
	adapterLabel: (adapter: string) => string;
};
type Describe = (entry: AuditEntry, names: Names) => string;

const said = (entry: AuditEntry, name: string): string => {
	const value = entry.data[name];
	return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "?";
};
const member: Describe = ({ subject_id }, { memberName }) => memberName(subject_id) ?? "somebody who has left";
const integration: Describe = ({ subject_id }, { integrationName }) => {
	const name = integrationName(subject_id);
	return name === null ? "an integration" : `the integration “${name}”`;
};

const networks = (blocks: unknown[]): string => (blocks.length === 0 ? "no private networks" : blocks.join(", "));
/** Acts of before it was recorded have no role. */
const asRole = (entry: AuditEntry): string => (typeof entry.data.role === "string" ? ` as ${entry.data.role}` : "");

/** What was done, to be read after the name of who did it. */
const sentences: Partial<Record<AuditType, Describe>> = {
	"project.created": () => "created the project",
	"project.updated": ({ data }) =>
		[
			...(typeof data.name === "string" ? [`renamed the project to “${data.name}”`] : []),
			...(Array.isArray(data.allowed_networks)
				? [
						`let integrations reach ${networks(data.allowed_networks)}${Array.isArray(data.previous_networks) ? ` instead of ${networks(data.previous_networks)}` : ""}`,
					]
				: []),
		].join(" and "),
	"project.member.added": (entry, names) => `added ${member(entry, names)} as ${said(entry, "role")}`,
	"project.member.changed": (entry, names) =>
		`changed the role of ${member(entry, names)} from ${said(entry, "from")} to ${said(entry, "to")}`,
	"project.member.removed": (entry, names) => `removed ${member(entry, names)}, who was ${said(entry, "role")}`,
	"invitation.created": (entry) => `invited ${said(entry, "email")} as ${said(entry, "role")}`,
	"invitation.accepted": (entry) => `accepted an invitation${asRole(entry)}`,
	"invitation.revoked": (entry) => `revoked the invitation of ${said(entry, "email")}${asRole(entry)}`,
	"token.created": (entry) => `made the token “${said(entry, "name")}” (${said(entry, "prefix")}…) for ${said(entry, "scopes")}`,
	"token.revoked": (entry) => `revoked the token “${said(entry, "name")}” (${said(entry, "prefix")}…)`,
	"integration.created": (entry, names) => `connected ${integration(entry, names)}`,
	"integration.secrets.changed": (entry, names) => `changed secrets of ${integration(entry, names)}: ${said(entry, "secrets")}`,
	"integration.updated": (entry, names) => `changed ${integration(entry, names)}: ${said(entry, "fields")}`,
	"integration.enabled": (entry, names) => `enabled ${integration(entry, names)}`,
	"integration.disabled": (entry, names) =>
		`disabled ${integration(entry, names)}${typeof entry.data.reason === "string" ? `: ${entry.data.reason}` : ""}`,
	"agent.routes.changed": () => "changed how an agent is reached",
	"plan.routes.changed": () => "changed where a plan's messages go",
	"project.routes.changed": () => "changed where the project's messages go",
	"decision.decided": (entry, { adapterLabel }) => `decided “${said(entry, "option")}” via ${viaName(said(entry, "via"), adapterLabel)}`,
	"decision.expired": (entry) => `ended a decision at its deadline as ${said(entry, "option_id")}`,
	"delivery.replayed": () => "sent a delivery again that had given up",
	"delivery.edited": (entry) => `edited a delivery that had given up, and sent it again: ${said(entry, "fields")}`,
	"delivery.discarded": (entry) => `discarded a delivery that had given up: ${said(entry, "reason")}`,
	"delivery.restored": () => "brought back a discarded delivery",
	"deliveries.discarded": (entry) => `discarded ${entry.data.count} deliveries that had given up: ${said(entry, "reason")}`,
	"replay.started": ({ data }) => `began to send ${data.total} deliveries again that had given up`,
	"replay.cancelled": ({ data }) => `ended sending deliveries again, after ${data.done}`,
};

/** One act as a sentence after its actor's name; kinds that this page doesn't know yet are named as they are. */
export const describeAudit = (entry: AuditEntry, names: Names): string =>
	sentences[entry.type as AuditType]?.(entry, names) ?? entry.type.replaceAll(".", " ");

export const auditActor = ({ actor }: AuditEntry): string => (typeof actor.name === "string" ? actor.name : "AgentPlanner");
