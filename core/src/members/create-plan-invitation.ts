import type { CreatedInvitation, PlanRole } from "@agentplanner/contracts";
import { invitations } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { type ProjectContext, type Tx, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { invitationEnds } from "./create-invitation.ts";
import { presentInvitation } from "./present.ts";
import { invitationTokens } from "./redeem-invitation.ts";

type To = { email: string; role: PlanRole };

/** Invites an address to one plan, as a guest of the project; the token is shown this once. The caller has asked who may. */
export const createPlanInvitation = async (
	tx: Tx<ProjectContext>,
	plan: { id: string; title: string },
	{ email, role: planRole }: To,
): Promise<CreatedInvitation> => {
	const [row] = await tx.db
		.insert(invitations)
		.values({
			projectId: tx.projectId,
			email,
			role: "guest",
			planId: plan.id,
			planRole,
			invitedByUserId: userIdOf(tx.actor),
			expiresAt: invitationEnds,
		})
		.returning();
	if (!row) throw new Error("The insert returned no row.");
	const data = { role: row.role, plan_id: plan.id, plan_role: planRole };
	emit(tx, { type: "invitation.created", subjectId: row.id, data });
	await audit(tx, { type: "invitation.created", subjectId: row.id, data: { ...data, email } });
	return { ...presentInvitation(row, plan.title), token: invitationTokens.create(tx.keys, row.id) };
};
