import type { EventType, TimelineItem } from "@agentplanner/contracts";

type Describe = (item: TimelineItem) => string;

// A title may hold the signs that stand for something in the sentences below: until these are read it is spelt without them.
const signs = [
	["{", "\uE000"],
	["[", "\uE001"],
	["]", "\uE002"],
] as const;
const spelt = (text: string): string => signs.reduce((words, [sign, other]) => words.replaceAll(sign, other), text);
const asWritten = (text: string): string => signs.reduce((words, [sign, other]) => words.replaceAll(other, sign), text);

const said = ({ data }: TimelineItem, name: string): string => {
	const value = data[name];
	return typeof value === "string" || typeof value === "number" ? spelt(String(value).replaceAll("_", " ")) : "?";
};
const role = (item: TimelineItem, name: string): string => `${/^[aeo]/.test(said(item, name)) ? "an" : "a"} ${said(item, name)}`;
const otherPerson = ({ other }: TimelineItem): string => spelt(other?.title ?? "somebody");
const otherNode = ({ other }: TimelineItem): string => (other?.title ? `“${spelt(other.title)}”` : "a node of another plan");
const isOwnDoing = ({ actor, subject, other }: TimelineItem): boolean => actor.id !== null && actor.id === (other ?? subject).id;

const logged: Record<string, string> = {
	progress: "progress",
	reasoning: "why",
	challenge: "what stands in the way",
	decision: "a decision",
};
const visible: Record<string, string> = {
	private: "private",
	project: "visible to the whole project",
	public: "public, for whoever has its link",
};

/**
 * What was done, to be read after the name of who did it. `{it}` is the name or text of what it is about, or a word for it where that is
 * gone; what stands in brackets is said only with it.
 */
const sentences: Record<EventType, string | Describe> = {
	"user.registered": "made an account",
	"user.linked": "linked an account of another platform",
	"user.unlinked": "unlinked an account of another platform",
	"user.password.changed": "changed the password of an account",
	"session.started": "signed in",
	"session.ended": "signed out",
	"project.created": "created the project[ {it}]",
	"project.updated": "changed the settings of the project[ {it}]",
	"project.member.added": (item) =>
		isOwnDoing(item) ? `joined the project as ${role(item, "role")}` : `added {it} to the project as ${role(item, "role")}`,
	"project.member.changed": (item) => `changed the role of {it} in the project from ${said(item, "from")} to ${said(item, "to")}`,
	"project.member.removed": (item) => (isOwnDoing(item) ? "left the project" : "removed {it} from the project"),
	"invitation.created": (item) =>
		item.plan === null
			? `invited somebody to the project as ${role(item, "role")}`
			: `invited somebody to the plan “${item.plan.title}” as ${role(item, "plan_role")}`,
	"invitation.accepted": "accepted an invitation",
	"invitation.revoked": "revoked an invitation",
	"token.created": "made an API token",
	"token.revoked": "revoked an API token",
	"plan.created": "created the plan[ {it}]",
	"plan.updated": "edited the title or description of the plan[ {it}]",
	"plan.status.changed": (item) => `changed the status of the plan[ {it}] from ${said(item, "from")} to ${said(item, "to")}`,
	"plan.visibility.changed": (item) => `made the plan[ {it}] ${visible[said(item, "to")] ?? said(item, "to")}`,
	"plan.link.renewed": "replaced the public link of the plan[ {it}]",
	"plan.owner.changed": (item) => `made ${otherPerson(item)} the owner of the plan[ {it}]`,
	"plan.collaborator.added": (item) =>
		isOwnDoing(item)
			? `joined the plan[ {it}] as ${role(item, "role")}`
			: `shared the plan[ {it}] with ${otherPerson(item)} as ${role(item, "role")}`,
	"plan.collaborator.changed": (item) =>
		`changed the role of ${otherPerson(item)} in the plan[ {it}] from ${said(item, "from")} to ${said(item, "to")}`,
	"plan.collaborator.removed": (item) =>
		isOwnDoing(item) ? "left the plan[ {it}]" : `stopped sharing the plan[ {it}] with ${otherPerson(item)}`,
	"plan.deleted": "deleted the plan[ {it}]",
	"plan.restored": "restored the plan[ {it}]",
	"plan.imported": "imported the plan[ {it}] from a file",
	"plan.change.undone": "undid the last change to the tree of the plan[ {it}]",
	"plan.routes.changed": "changed where messages of the plan[ {it}] go",
	"node.created": (item) => `added the ${said(item, "kind")}[ {it}]`,
	"node.updated": "edited {it}",
	"node.moved": "moved {it} to another place in the plan",
	"node.status.changed": (item) => `changed the status of {it} from ${said(item, "from")} to ${said(item, "to")}`,
	"node.deleted": "deleted {it}",
	"node.restored": "restored {it}",
	"node.unblocked": "cleared the way for {it}, which waits for nothing more",
	"node.dependency.added": (item) =>
		item.data.kind === "blocks" ? `made {it} wait for ${otherNode(item)}` : `linked {it} to ${otherNode(item)} as related`,
	"node.dependency.removed": (item) =>
		item.data.kind === "blocks" ? `let {it} no longer wait for ${otherNode(item)}` : `unlinked {it} from ${otherNode(item)}`,
	"node.logged": (item) => `noted ${logged[said(item, "kind")] ?? "something"}[: {it}]`,
	"node.assignments.changed": "changed who {it} is assigned to",
	"node.claimed": "claimed {it}",
	"node.claim.released": "gave up the claim of {it}",
	"node.claim.expired": "ended the claim of {it}, since its time was over",
	"node.claim.broken": "broke the claim of {it}",
	"node.claim.finished": "finished work on {it}",
	"comment.created": (item) => `${typeof item.data.parent_id === "string" ? "replied" : "commented"}[: {it}]`,
	"comment.edited": "edited a comment[: {it}]",
	"comment.deleted": "deleted a comment",
	"comment.resolved": "settled a thread[: {it}]",
	"comment.reopened": "reopened a thread[: {it}]",
	"member.mentioned": "mentioned {it} in a comment",
	"goal.created": "set the goal[ {it}]",
	"goal.updated": "edited the goal[ {it}]",
	"goal.status.changed": (item) => `changed the status of the goal[ {it}] from ${said(item, "from")} to ${said(item, "to")}`,
	"goal.linked": (item) => `linked ${linked(item)} to the goal[ {it}]`,
	"goal.unlinked": (item) => `unlinked ${linked(item)} from the goal[ {it}]`,
	"goal.deleted": "deleted the goal[ {it}]",
	"goal.restored": "restored the goal[ {it}]",
	"agent.created": "added the agent[ {it}]",
	"agent.updated": "changed the settings of the agent[ {it}]",
	"agent.gone": "heard nothing more of the agent[ {it}]",
	"agent.returned": (item) => (isOwnDoing(item) ? "came back" : "heard of the agent[ {it}] again"),
	"agent.routes.changed": "changed how the agent[ {it}] is reached",
	"project.promise.broken": (item) => `found what must never be: ${said(item, "rule")}`,
	"project.promise.kept": ({ data }) => `found no more: ${data.rule}`,
	"project.routes.changed": "changed where messages of the project[ {it}] go",
	"integration.created": "connected the integration[ {it}]",
	"integration.updated": "changed the settings of the integration[ {it}]",
	"integration.tested": "tested the integration[ {it}]",
	"integration.enabled": "enabled the integration[ {it}]",
	"integration.disabled": "disabled the integration[ {it}]",
	"integration.held": "held back the messages of the integration[ {it}]",
	"integration.failing": "got nothing through to the integration[ {it}] for a day",
	"integration.breaker.opened": "got no answer many times in a row, and lets messages wait for the integration[ {it}]",
	"integration.breaker.closed": "got an answer again from the integration[ {it}]",
	"integration.secret.rotated": "gave the integration[ {it}] a new signing secret",
	"integration.secret.expired": "retired the previous signing secret of the integration[ {it}]",
	"integration.listening.started": "began to listen to the integration[ {it}]",
	"integration.listening.interrupted": "lost the connection to the integration[ {it}]",
	"agent.request.created": "asked[: {it}]",
	"agent.request.dispatched": "sent out the request[ {it}]",
	"agent.request.working": "began to work on the request[ {it}]",
	"agent.request.progressed": "reported progress on the request[ {it}]",
	"agent.request.input.required": "asked back about the request[ {it}]",
	"agent.request.replied": "replied to a question about the request[ {it}]",
	"agent.request.nudged": "reminded whoever owes an answer to the request[ {it}]",
	"agent.request.rerouted": "asked the next one[ about {it}], since nobody has answered yet",
	"agent.request.escalated": "told people that the request[ {it}] still waits for an answer",
	"agent.request.reopened": "reopened the request[ {it}]",
	"agent.request.completed": "closed the request[ {it}] as answered",
	"agent.request.rejected": "closed the request[ {it}], since all who answered declined",
	"agent.request.failed": "closed the request[ {it}], since nobody can answer it any more",
	"agent.request.expired": "closed the request[ {it}] at its deadline",
	"agent.request.cancelled": "cancelled the request[ {it}]",
	"agent.response.received": ({ data }) =>
		`${data.kind === "declined" ? "declined" : data.kind === "input_required" ? "asked back" : "answered"}[: {it}]`,
	"agent.response.applied": "took the response into account[: {it}]",
	"agent.decision.requested": "asked people to decide[: {it}]",
	"agent.decision.decided": "made the decision[ {it}]",
	"agent.decision.expired": "closed the decision[ {it}] at its deadline",
	"agent.decision.cancelled": "withdrew the decision[ {it}]",
	"agent.decision.lapsed": "goes on waiting for the decision[ {it}], whose deadline has passed",
	"agent.decision.escalated": "put the decision[ {it}] before the admins, too",
	"agent.decision.vote.received": "received a vote on a decision",
	"person.command.received": "received a /planner command",
	"subscription.created": "subscribed[ {it}] to events",
	"subscription.updated": "changed the event subscription[ {it}]",
	"subscription.enabled": "enabled the event subscription[ {it}]",
	"subscription.disabled": "disabled the event subscription[ {it}]",
	"subscription.deleted": "deleted the event subscription[ {it}]",
	"subscription.tested": "sent a test to the event subscription[ {it}]",
	"subscription.replay.started": "began to send the event subscription[ {it}] what it missed",
	"subscription.replay.ended": "sent the event subscription[ {it}] what it had missed",
	"message.delivery.queued": "put a message[ to {it}] into the queue",
	"message.delivery.delivered": "delivered a message[ to {it}]",
	"message.delivery.acknowledged": "learned that a message[ to {it}] was received",
	"message.delivery.held": "held back a message[ to {it}]",
	"message.delivery.revived": "queued a message[ to {it}] again",
	"message.delivery.retrying": "could not deliver a message[ to {it}], and will try again",
	"message.delivery.unknown": "can't tell whether a message[ to {it}] arrived",
	"message.delivery.dead": "gave up on a message[ to {it}]",
	"message.delivery.discarded": "discarded a message[ to {it}] that could not be delivered",
	"message.delivery.restored": "brought back a discarded message[ to {it}]",
	"delivery.replay.started": ({ data }) => `began to send ${data.total} messages again that had given up`,
	"delivery.replay.paused": "paused sending messages again",
	"delivery.replay.resumed": "went on sending messages again",
	"delivery.replay.cancelled": ({ data }) => `ended sending messages again, after ${data.done}`,
	"delivery.replay.finished": ({ data }) => `sent ${data.done} messages again`,
	"message.delivery.cancelled": "withdrew a message[ to {it}]",
	"message.delivery.superseded": "closed a message[ to {it}], which was answered elsewhere",
};

const linked = ({ node, plan }: TimelineItem): string =>
	node !== null ? `“${spelt(node.title)}”` : plan !== null ? `the plan “${spelt(plan.title)}”` : "a plan or task";

const gone: Record<string, string> = { node: "a node that is gone", member: "somebody", mention: "somebody who has left" };

/** What was done, after the actor's name: the words before the name of what it is about, that name, and the words behind it. */
export type Sentence = { before: string; about: string | null; after: string };

/**
 * One event as a sentence after its actor's name; kinds that this page doesn't know yet are named as they are. `itself`: how to speak of
 * what it is about on a page that is about nothing else.
 */
export const describeEvent = (item: TimelineItem, itself?: string): Sentence => {
	const known = (sentences as Record<string, string | Describe>)[item.type] ?? `${item.type.replaceAll(".", " ")}[: {it}]`;
	const template = typeof known === "string" ? known : known(item);
	const name = item.subject.title ?? (typeof item.data.title === "string" ? item.data.title : null);
	if (name === null || itself !== undefined) {
		const words = itself ?? gone[item.subject.type] ?? "something that is gone";
		return { before: asWritten(template.replace(/\[[^\]]*\{it\}\]/, "").replace("{it}", () => words)), about: null, after: "" };
	}
	const [before = "", after] = template.replace(/\[([^\]]*\{it\})\]/, "$1").split("{it}");
	return { before: asWritten(before), about: after === undefined ? null : name, after: asWritten(after ?? "") };
};
