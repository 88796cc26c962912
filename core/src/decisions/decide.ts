import { type DecideInput, type Decision, lacksComment, type Role, roleMay } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, UnprocessableError } from "../errors.ts";
import { authorizeDecision } from "../plans/authorize-plan.ts";
import { closeDecision } from "./close-decision.ts";
import { describeEnd, presentDecision } from "./present.ts";
import { type KnownDecision, readDecisions } from "./read-decisions.ts";
import { viaOf } from "./via.ts";

/*
 * One decision, from create-decision.ts and ask-for-decision.ts to its end:
 *
 *             ┌─ decide ─► decided            (once, by a person who may, from wherever)
 *   pending ──┼─ expire ─► expired            (on_expiry reject or approve: with the option of that id; informational: with none)
 *      │      └─ cancel ─► cancelled          (by a person; or by the end of the request in which an agent asked it)
 *      └─ expire, once ─► pending, lapsed     (on_expiry wait; escalate: any admin may decide, too, and more are told)
 *
 * Whoever's guarded update finds it pending ends it (close-decision.ts); everybody else hears who was first. From its deadline on a
 * rule that ends it goes before any person, however late its timer is.
 */

/** Not past a deadline whose rule ends it. */
export const beforeItsRule = sql`(expires_at is null or expires_at > now() or (on_expiry in ('wait', 'escalate') and urgency <> 'informational'))`;

/**
 * Decides, once: the first person who may wins, from whatever surface. 403 for who may not (agents never), 409 saying who decided what
 * and where, or that the deadline has passed, 422 for an option that isn't one, and for `revise` without a comment.
 */
export const decide = (ctx: ProjectContext, decisionId: string, input: DecideInput): Promise<Decision> =>
	inTransaction(ctx, async (tx) => {
		const [role, [known]] = await Promise.all([
			authorizeDecision(tx, "decisions:decide", decisionId),
			readDecisions(tx, { id: decisionId }),
		]);
		if (!known) throw new NotFoundError("decision");
		const { actor } = tx;
		if (!("userId" in actor) || actor.userId === null || !role) throw new ForbiddenError("Only people decide.");
		assertDecider(known, actor.userId, role);
		const { row, titles, deciders } = known;
		const option = row.options.find(({ id }) => id === input.option_id);
		if (!option)
			throw new UnprocessableError("This decision has no such option.", [
				{ field: "body.option_id", message: `must be one of ${row.options.map(({ id }) => id).join(", ")}` },
			]);
		if (lacksComment(input))
			throw new UnprocessableError(`Say what has to change: “${option.label}” alone doesn't tell.`, [
				{ field: "body.comment", message: `is needed with the option ${option.id}` },
			]);
		const via = viaOf(actor);
		const closed = await closeDecision(tx, row, {
			status: "decided",
			optionId: option.id,
			comment: input.comment,
			closedBy: actorName(actor),
			closedByUserId: actor.userId,
			closedVia: via,
			only: beforeItsRule,
		});
		if (!closed) throw await alreadyClosed(tx, decisionId);
		await audit(tx, { type: "decision.decided", subjectId: decisionId, data: { option_id: option.id, option: option.label, via } });
		return presentDecision({ row: closed, titles, deciders });
	});

/** Among those who alone may decide; from its escalation on also any admin of the plan. */
const assertDecider = ({ row, deciders }: KnownDecision, userId: string, role: Role): void => {
	if (row.deciderIds.length === 0 || row.deciderIds.includes(userId)) return;
	if (row.lapsedAt && row.onExpiry === "escalate" && roleMay(role, "plans:manage")) return;
	throw new ForbiddenError(`Only ${deciders.map(({ name }) => name).join(" or ")} may decide this.`);
};

/** The same as a condition, of a member whose role may decide; `isAdmin`: the condition that they manage its plan. */
export const mayBeDecidedBy = (userId: string, isAdmin: SQL): SQL =>
	sql`(decider_ids = '{}' or ${userId} = any(decider_ids) or (lapsed_at is not null and on_expiry = 'escalate' and ${isAdmin}))`;

/** For who comes second: how it ended, as of now. */
export const alreadyClosed = async (ctx: ProjectContext, decisionId: string): Promise<ConflictError> => {
	const [known] = await readDecisions(ctx, { id: decisionId });
	if (!known) throw new NotFoundError("decision");
	return new ConflictError(`This is no longer open. ${describeEnd(ctx, known.row)}`);
};
