import type { AuditEntry, AuditType } from "@agentplanner/contracts";

type Names = { memberName: (userId: string) => string | null; integrationName: (integrationId: string) => string | null };
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

/** What was done, to be read after the name of who did it. */
const sentences: Partial<Record<AuditType, Describe>> = {
	"project.created": () => "created the project",
	"project.updated": ({ data }) =>
		[
			...(typeof data.name === "string" ? [`renamed the project to “${data.name}”`] : []),
			...(Array.isArray(data.allowed_networks)
				? [`let integrations reach ${data.allowed_networks.length === 0 ? "no private networks" : data.allowed_networks.join(", ")}`]
				: []),
		].join(" and "),
	"project.member.added": (entry, names) => `added ${member(entry, names)} as ${said(entry, "role")}`,
	"project.member.changed": (entry, names) =>
		`changed the role of ${member(entry, names)} from ${said(entry, "from")} to ${said(entry, "to")}`,
	"project.member.removed": (entry, names) => `removed ${member(entry, names)}, who was ${said(entry, "role")}`,
	"invitation.created": (entry) => `invited ${said(entry, "email")} as ${said(entry, "role")}`,
	"invitation.accepted": (entry) => `accepted an invitation as ${said(entry, "role")}`,
	"invitation.revoked": (entry) => `revoked the invitation of ${said(entry, "email")}`,
	"token.created": (entry) => `made the token “${said(entry, "name")}” (${said(entry, "prefix")}…) for ${said(entry, "scopes")}`,
	"token.revoked": (entry) => `revoked the token “${said(entry, "name")}” (${said(entry, "prefix")}…)`,
	"integration.created": (entry, names) => `connected ${integration(entry, names)}`,
	"integration.secrets.changed": (entry, names) => `changed secrets of ${integration(entry, names)}: ${said(entry, "secrets")}`,
	"delivery.replayed": () => "sent a delivery again that had given up",
};

/** One act as a sentence after its actor's name; kinds that this page doesn't know yet are named as they are. */
export const describeAudit = (entry: AuditEntry, names: Names): string =>
	sentences[entry.type as AuditType]?.(entry, names) ?? entry.type.replaceAll(".", " ");

export const auditActor = ({ actor }: AuditEntry): string => (typeof actor.name === "string" ? actor.name : "AgentPlanner");
