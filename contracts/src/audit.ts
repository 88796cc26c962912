import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, Timestamp } from "./values.ts";

/** Critical acts, with what each is about: who gave whom access, touched secrets, members or where messages go, sent what again. */
export const auditCatalogue = {
	"account.created": { subject: "user" },
	"account.linked": { subject: "user" },
	"account.unlinked": { subject: "user" },
	"account.password.changed": { subject: "user" },
	"account.session.ended": { subject: "user" },
	"project.created": { subject: "project" },
	"project.updated": { subject: "project" },
	"project.member.added": { subject: "member" },
	"project.member.changed": { subject: "member" },
	"project.member.removed": { subject: "member" },
	"invitation.created": { subject: "invitation" },
	"invitation.accepted": { subject: "invitation" },
	"invitation.revoked": { subject: "invitation" },
	"token.created": { subject: "token" },
	"token.revoked": { subject: "token" },
	"integration.created": { subject: "integration" },
	"integration.updated": { subject: "integration" },
	"integration.secrets.changed": { subject: "integration" },
	"integration.enabled": { subject: "integration" },
	"integration.disabled": { subject: "integration" },
	"subscription.created": { subject: "subscription" },
	"subscription.updated": { subject: "subscription" },
	"subscription.deleted": { subject: "subscription" },
	"subscription.replayed": { subject: "subscription" },
	"agent.routes.changed": { subject: "agent" },
	"plan.routes.changed": { subject: "plan" },
	"plan.visibility.changed": { subject: "plan" },
	"plan.link.renewed": { subject: "plan" },
	"plan.owner.changed": { subject: "plan" },
	"plan.collaborator.added": { subject: "plan" },
	"plan.collaborator.changed": { subject: "plan" },
	"plan.collaborator.removed": { subject: "plan" },
	"plan.deleted": { subject: "plan" },
	"plan.restored": { subject: "plan" },
	"project.routes.changed": { subject: "project" },
	"decision.decided": { subject: "decision" },
	"decision.expired": { subject: "decision" },
	"delivery.replayed": { subject: "delivery" },
	"delivery.edited": { subject: "delivery" },
	"delivery.discarded": { subject: "delivery" },
	"delivery.restored": { subject: "delivery" },
	"deliveries.discarded": { subject: "project" },
	"replay.started": { subject: "replay" },
	"replay.cancelled": { subject: "replay" },
} as const satisfies Record<string, { subject: string }>;

export type AuditType = keyof typeof auditCatalogue;

export const AuditEntry = z.strictObject({
	id: Id,
	/** Place in commit order over the installation; use the last one seen as the cursor. */
	position: z.int(),
	type: z.string(),
	subject_type: z.string(),
	subject_id: Id,
	data: z.record(z.string(), z.unknown()),
	/** Ids of what else shows it. */
	evidence_refs: z.array(z.string()),
	actor: z.record(z.string(), z.unknown()),
	request_id: z.string().nullable(),
	trace_id: z.string().nullable(),
	occurred_at: Timestamp,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const audit = {
	listAudit: endpoint({
		method: "GET",
		path: "/projects/{projectId}/audit",
		summary: "Critical acts in commit order, or the newest first; `cursor` is the last position seen (admins and owners)",
		tag: "audit",
		params: ProjectParams,
		query: PageQuery.extend({
			/** 0: from the beginning, of either order. */
			cursor: z.coerce.number().int().min(0).default(0),
			order: z.enum(["oldest", "newest"]).default("oldest"),
		}),
		output: z.strictObject({ items: z.array(AuditEntry), next_cursor: z.int() }),
	}),
};
