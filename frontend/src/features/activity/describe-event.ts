import type { TimelineItem } from "@agentplanner/contracts";

/** What was done, to be read after the name of who did it; `quote` is what it was about, as far as it isn't named elsewhere. */
export type Sentence = { words: string; quote?: string | undefined };
type Describe = (item: TimelineItem) => Sentence;

const said = ({ data }: TimelineItem, name: string): string => {
	const value = data[name];
	return typeof value === "string" || typeof value === "number" ? String(value).replaceAll("_", " ") : "?";
};
const about =
	(words: string): Describe =>
	({ subject }) => ({ words, quote: subject.title ?? undefined });
const only =
	(words: string): Describe =>
	() => ({ words });
const to: Describe = ({ subject }) => ({ words: subject.title === null ? "" : ` to ${subject.title}` });
const message =
	(words: string): Describe =>
	(item) => ({ words: words.replace("{to}", to(item).words) });

const logged: Record<string, string> = {
	progress: "noted progress",
	reasoning: "noted why",
	challenge: "noted what stands in the way",
	decision: "noted a decision",
};

const sentences: Record<string, Describe> = {
	"project.created": only("created the project"),
	"project.updated": only("changed the project's settings"),
	"project.member.added": ({ subject, data }) => ({ words: `added ${subject.title ?? "somebody"} as ${String(data.role)}` }),
	"project.member.changed": (item) => ({
		words: `changed the role of ${item.subject.title ?? "somebody"} from ${said(item, "from")} to ${said(item, "to")}`,
	}),
	"project.member.removed": ({ subject }) => ({ words: `removed ${subject.title ?? "somebody"} from the project` }),
	"invitation.created": (item) => ({ words: `invited somebody as ${said(item, "role")}` }),
	"invitation.accepted": only("accepted an invitation"),
	"invitation.revoked": only("revoked an invitation"),
	"token.created": only("made a token"),
	"token.revoked": only("revoked a token"),
	"plan.created": about("created the plan"),
	"plan.updated": about("changed the plan"),
	"plan.status.changed": (item) => ({ words: `changed the plan's status from ${said(item, "from")} to ${said(item, "to")}` }),
	"plan.visibility.changed": only("changed who sees the plan"),
	"plan.link.renewed": only("renewed the plan's public link"),
	"plan.owner.changed": only("gave the plan another owner"),
	"plan.collaborator.added": only("shared the plan with somebody"),
	"plan.collaborator.changed": only("changed what somebody may do in the plan"),
	"plan.collaborator.removed": only("ended sharing the plan with somebody"),
	"plan.deleted": about("deleted the plan"),
	"plan.restored": about("restored the plan"),
	"plan.imported": about("imported the plan"),
	"plan.change.undone": only("undid the last change of the tree"),
	"node.deleted": about("deleted"),
	"node.restored": about("restored"),
	"node.unblocked": about("unblocked"),
	"node.dependency.added": about("added a dependency of"),
	"node.dependency.removed": about("removed a dependency of"),
	"node.assignments.changed": about("changed who works on"),
	"node.claimed": about("took up"),
	"node.claim.finished": about("finished work on"),
	"node.claim.released": about("gave back"),
	"node.claim.expired": about("took back, since nothing was heard of it any more:"),
	"node.claim.broken": about("took away from whoever worked on it:"),
	"agent.gone": about("noticed that the agent is gone:"),
	"agent.returned": about("noticed that the agent is back:"),
	"node.created": (item) => ({ words: `added the ${said(item, "kind")}`, quote: item.subject.title ?? said(item, "title") }),
	"node.updated": about("changed"),
	"node.moved": about("moved"),
	"node.status.changed": (item) => ({
		words: `changed the status from ${said(item, "from")} to ${said(item, "to")}`,
		quote: item.subject.title ?? undefined,
	}),
	"node.logged": (item) => ({
		words: logged[String(item.data.kind)] ?? "noted something",
		quote: item.subject.title ?? undefined,
	}),
	"comment.created": (item) => ({
		words: typeof item.data.parent_id === "string" ? "replied" : "commented",
		quote: item.subject.title ?? undefined,
	}),
	"comment.edited": about("changed a comment"),
	"comment.deleted": only("deleted a comment"),
	"comment.resolved": about("settled the thread"),
	"comment.reopened": about("took up the thread again"),
	"member.mentioned": ({ subject }) => ({ words: `mentioned ${subject.title ?? "somebody who has left"}` }),
	"agent.created": about("added the agent"),
	"agent.updated": about("changed the agent"),
	"agent.routes.changed": about("changed how the agent is reached:"),
	"plan.routes.changed": only("changed where the plan's messages go"),
	"project.routes.changed": only("changed where the project's messages go"),
	"integration.created": about("connected"),
	"integration.updated": about("changed the integration"),
	"integration.tested": about("tested"),
	"integration.enabled": about("enabled"),
	"integration.disabled": about("disabled"),
	"integration.held": about("held back messages of"),
	"integration.listening.started": about("listens for"),
	"integration.listening.interrupted": about("lost the connection of"),
	"agent.request.created": about("asked"),
	"agent.request.dispatched": about("sent out the request"),
	"agent.request.working": about("began to work on the request"),
	"agent.request.progressed": about("told how far the request is:"),
	"agent.request.input.required": about("asked back about the request"),
	"agent.request.replied": about("replied about the request"),
	"agent.request.reopened": about("reopened the request"),
	"agent.request.completed": about("ended the request as answered:"),
	"agent.request.rejected": about("ended the request as declined:"),
	"agent.request.failed": about("ended the request as failed:"),
	"agent.request.expired": about("ended the request at its deadline:"),
	"agent.request.cancelled": about("cancelled the request"),
	"agent.response.received": ({ subject, data }) => ({
		words: data.kind === "declined" ? "declined" : data.kind === "input_required" ? "asked back" : "answered",
		quote: subject.title ?? undefined,
	}),
	"agent.response.applied": only("took the response into account"),
	"agent.decision.requested": about("asked people to decide"),
	"agent.decision.decided": about("decided"),
	"agent.decision.expired": about("ended the decision at its deadline:"),
	"agent.decision.cancelled": about("withdrew the decision"),
	"agent.decision.lapsed": about("noted that a deadline passed, and goes on waiting:"),
	"agent.decision.escalated": about("put the decision before the admins:"),
	"agent.decision.vote.received": only("heard a vote"),
	"person.command.received": only("heard a command"),
	"message.delivery.queued": message("put a message{to} into the queue"),
	"message.delivery.delivered": message("delivered a message{to}"),
	"message.delivery.acknowledged": message("heard that a message{to} was taken up"),
	"message.delivery.held": message("held back a message{to}"),
	"message.delivery.revived": message("took up a message{to} again"),
	"message.delivery.retrying": message("could not deliver a message{to}, and will try again"),
	"message.delivery.unknown": message("can't tell whether a message{to} arrived"),
	"message.delivery.dead": message("gave up on a message{to}"),
	"message.delivery.cancelled": message("withdrew a message{to}"),
	"message.delivery.superseded": message("closed a message{to} that was answered elsewhere"),
};

/** One event as a sentence after its actor's name; kinds that this page doesn't know yet are named as they are. */
export const describeEvent = (item: TimelineItem): Sentence =>
	sentences[item.type]?.(item) ?? { words: item.type.replaceAll(".", " "), quote: item.subject.title ?? undefined };
