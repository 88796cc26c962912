import { decisionPath, personAddress } from "@agentplanner/contracts";
import type { users } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { listDecidable } from "../decisions/list-decidable.ts";
import { NotFoundError } from "../errors.ts";
import { closeWithNotice, type Notice, type NoticeItem } from "../notices/leave-notice.ts";
import { readWaiting, type Waiting } from "../notices/read-waiting.ts";
import { listWaiting } from "../requests/list-waiting.ts";
import { findLinkedUser } from "../users/find-linked-user.ts";

/*
 * A command is what somebody wrote to us on a platform. Like a vote it stands in inbound_events with a timer behind it, and whoever
 * deletes that has answered it: it changes nothing, so that answering it twice would do no harm, but be a nuisance.
 */

const timerType = "person.command.answer.due";

/** So many of each kind are listed; the rest is a click away. */
const mostListed = 10;

type Command = Waiting<"command">;
type User = typeof users.$inferSelect;

/** Leaves the answer to a command for whoever wrote it, once; whether there is one to take now. */
export const answerCommand = async (ctx: ProjectContext, commandId: string): Promise<boolean> => {
	const command = await readWaiting(ctx, commandId, "command", timerType);
	return command !== null && closeWithNotice(ctx, commandId, timerType, await answerOf(ctx, command));
};

const help =
	"Write /planner inbox, and you hear, alone, what waits for you: decisions that you may make, and questions to this channel or back from agents. Nothing is decided by it.";

const answerOf = async (ctx: ProjectContext, command: Command): Promise<Notice> => {
	const { adapter, externalAccount, said } = command;
	const link = { label: "Open AgentPlanner", path: `/projects/${ctx.projectId}` };
	const words = said.words.trim().toLowerCase();
	if (words === "help") return { text: help, link };
	if (words !== "" && words !== "inbox") return { text: `AgentPlanner doesn't know that command. ${help}`, link };
	if (externalAccount === null)
		return { text: "AgentPlanner can't tell who you are, since this channel doesn't prove who writes. Look there yourself.", link };
	const person = { provider: adapter, externalAccount, externalUserId: said.person.id, name: said.person.name };
	const user = await findLinkedUser(ctx, person);
	if (!user) return { text: "AgentPlanner doesn't know who you are. Link your account, then write /planner again.", link: "account" };
	try {
		const kinds = await inboxOf(ctx, command, user);
		const items = kinds.flatMap((kind) => kind.slice(0, mostListed));
		if (items.length === 0) return { text: "Nothing waits for you.", link };
		const order = kinds.some((kind) => kind.length > mostListed) ? `the ${mostListed} newest of each kind` : "newest first";
		return { text: `Waiting for you, ${order}:`, items, link };
	} catch (error) {
		if (!(error instanceof NotFoundError)) throw error;
		const text = `You are ${user.name} in AgentPlanner, who is no member of this project. Ask one of its owners or admins to add you.`;
		return { text, link };
	}
};

/** Decisions, and requests; of each one more than is listed, if there are more. Throws NotFoundError for who is no member. */
const inboxOf = async (ctx: ProjectContext, { adapter, integrationId, said }: Command, { id, name }: User): Promise<NoticeItem[][]> => {
	const asPerson: ProjectContext = { ...ctx, actor: { type: "person", userId: id, name, adapter, integrationId } };
	const addresses = [said.address, personAddress(said.person.id)];
	const [decisions, requests] = await Promise.all([
		listDecidable(asPerson, id, mostListed + 1),
		listWaiting(asPerson, { integrationId, addresses, limit: mostListed + 1 }),
	]);
	const { projectId } = ctx;
	return [
		decisions.map((decision) => ({
			title: decision.question,
			about: `Decision on ${decision.node.title}`,
			due: decision.lapsed_at === null ? decision.expires_at : null,
			path: decisionPath({ projectId, planId: decision.plan.id, nodeId: decision.node.id, decisionId: decision.id }),
		})),
		requests.map(({ id, question, asksBack, node, deadlineAt }) => ({
			title: question,
			about: `${asksBack ? "Question back from an agent" : "Question"} on ${node}`,
			due: deadlineAt.toISOString(),
			path: `/projects/${projectId}/requests/${id}`,
		})),
	];
};
