import type { PublicLink } from "@agentplanner/contracts";
import { and, eq, plans, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { signedIds } from "../signed-id.ts";

/** Of a link's own id, which nobody is told, and our proof that we made it: the database alone gives no link away. */
export const publicKeys = signedIds("pub_", "public plan");

export const newLink = sql`gen_random_uuid()`;

const present = ({ keys }: ProjectContext, linkId: string | null): PublicLink => ({
	key: linkId === null ? null : publicKeys.create(keys, linkId),
});

/** The plan's public link. Throws NotFoundError, and ForbiddenError below the plan's admin. */
export const getPublicLink = async (ctx: ProjectContext, planId: string): Promise<PublicLink> => {
	const plan = await authorizePlan(ctx, "plans:manage", planId);
	return present(ctx, plan.publicLinkId);
};

/** Makes another one, which ends the one before. Throws as getPublicLink does, and ConflictError where the plan is not public. */
export const renewPublicLink = (ctx: ProjectContext, planId: string): Promise<PublicLink> =>
	inTransaction(ctx, async (tx) => {
		const plan = await authorizePlan(tx, "plans:manage", planId);
		const [renewed] = await tx.db
			.update(plans)
			.set({ publicLinkId: newLink })
			.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, plan.id), eq(plans.visibility, "public")))
			.returning({ linkId: plans.publicLinkId });
		if (!renewed) throw new ConflictError("This plan is not public, so it has no link. Make it public first.");
		emit(tx, { type: "plan.link.renewed", subjectId: plan.id });
		await audit(tx, { type: "plan.link.renewed", subjectId: plan.id });
		return present(tx, renewed.linkId);
	});
