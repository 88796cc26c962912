import { decisionPath, Id } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, type users } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { closeWithNotice, type Notice } from "../notices/leave-notice.ts";
import { readWaiting, type Waiting } from "../notices/read-waiting.ts";
import { findLinkedUser } from "../users/find-linked-user.ts";
import { decide } from "./decide.ts";
import { describeEnd } from "./present.ts";
import { type DecisionRow, readDecisions } from "./read-decisions.ts";

/*
 * A vote is what somebody pressed on a platform. It stands in inbound_events, and behind it a timer: that is the one sign that it
 * has not been judged yet, so whoever deletes it says how it was judged, and everybody else is silent.
 */

const timerType = "agent.decision.vote.record.due";

type Vote = Waiting<"decision">;

/**
 * Lets a vote count as the vote of the user whom its person is linked to, once, by the rules of `decide`. Where it doesn't count, it
 * leaves a notice for the person; whether there is one to take now.
 */
export const recordVote = async (ctx: ProjectContext, voteId: string): Promise<boolean> => {
	const vote = await readWaiting(ctx, voteId, "decision", timerType);
	return vote !== null && closeWithNotice(ctx, voteId, timerType, await judge(ctx, vote));
};

/** Null: it counts, or speaks of nothing that people decide. */
const judge = async (ctx: ProjectContext, vote: Vote): Promise<Notice | null> => {
	const decision = await findDecision(ctx, vote);
	if (!decision) return null;
	const { adapter, externalAccount, said } = vote;
	const link = { label: "Open the decision", path: decisionPath({ ...decision, decisionId: decision.id }) };
	if (externalAccount === null)
		return { text: "Nobody can decide from here, since this channel doesn't prove who presses. Decide in AgentPlanner.", link };
	const person = { provider: adapter, externalAccount, externalUserId: said.person.id, name: said.person.name };
	const user = await findLinkedUser(ctx, person);
	if (!user)
		return {
			text: "Your choice was not recorded, since AgentPlanner doesn't know who you are. Link your account, then choose again.",
			link: "account",
		};
	const actor = { type: "person" as const, userId: user.id, name: user.name, adapter, integrationId: vote.integrationId };
	try {
		await decide({ ...ctx, actor }, decision.id, { option_id: said.option, comment: said.comment });
		return null;
	} catch (error) {
		if (!(error instanceof DomainError)) throw error;
		const text = await explain(ctx, error, { user, decisionId: decision.id, optionId: said.option });
		return text === null ? null : { text, link };
	}
};

/** Which decision this integration had told people of, in the message under which they chose. */
const findDecision = async (ctx: ProjectContext, { integrationId, said }: Vote): Promise<DecisionRow | null> => {
	if (!Id.safeParse(said.deliveryId).success) return null;
	const [delivery] = await ctx.db
		.select({ decisionId: messageDeliveries.decisionId })
		.from(messageDeliveries)
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				eq(messageDeliveries.integrationId, integrationId),
				eq(messageDeliveries.id, said.deliveryId),
				eq(messageDeliveries.kind, "decision"),
			),
		);
	if (!delivery?.decisionId) return null;
	const [known] = await readDecisions(ctx, { id: delivery.decisionId });
	return known?.row ?? null;
};

/** Why it didn't count, and what to do; null for a repeat of the choice that was made. Throws what a person can't mend. */
const explain = async (
	ctx: ProjectContext,
	error: DomainError,
	{ user, decisionId, optionId }: { user: typeof users.$inferSelect; decisionId: string; optionId: string },
): Promise<string | null> => {
	switch (error.code) {
		case "conflict": {
			const [known] = await readDecisions(ctx, { id: decisionId });
			if (!known) return null;
			const { row } = known;
			if (row.status === "decided" && row.closedByUserId === user.id && row.optionId === optionId) return null;
			return `Your choice came too late and changes nothing. ${describeEnd(ctx, row)}${row.closedAt ? ` That was on ${moment(row.closedAt)}.` : ""}`;
		}
		case "not_found":
			return `Your choice was not recorded: you are ${user.name} in AgentPlanner, who is no member of this project. Ask one of its owners or admins to add you.`;
		case "forbidden":
			return `Your choice was not recorded: you are ${user.name} in AgentPlanner, who may not decide this. ${error.message}`;
		case "unprocessable":
			return `Your choice was not recorded. ${error.message} Open it and choose there.`;
		default:
			throw error;
	}
};

const inUtc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** To the minute, for people of whom nobody knows the time zone. */
const moment = (at: Date): string => `${inUtc.format(at).replace(", ", " at ")} UTC`;
