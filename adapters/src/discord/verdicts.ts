import type { AdapterErrorKind } from "@agentplanner/contracts";

type Verdict = { kind: AdapterErrorKind; why: string; remedy: string };

const rejected = (why: string, remedy: string): Verdict => ({ kind: "rejected", why, remedy });
const limited = (why: string): Verdict => ({
	kind: "rate_limited",
	why,
	remedy: "Nothing to do; it is tried again by itself when Discord allows it.",
});

const defect = "Report this as a defect, with Discord's response below.";
const gone = rejected(
	"the message that this belongs to is gone or can't be changed",
	"Nothing to do: open the request in AgentPlanner to see where it stands.",
);
const overdue = rejected("this press of a button can't be answered any more", "Nothing to do: press the button again if it matters.");
const blockedWords = rejected(
	"the server's AutoMod blocks what it says",
	"Ask who runs the Discord server to let the bot pass (Server Settings, AutoMod), or put the question in other words; then press Retry now.",
);

/** By Discord's code: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const verdicts: Record<number, Verdict> = {
	10003: rejected("it knows no such channel", "Correct the channel's id and send anew."),
	10008: gone,
	10015: overdue,
	10062: overdue,
	20016: limited("the channel is in slow mode"),
	20022: limited("too many messages were edited"),
	20028: limited("the channel has had too many messages"),
	20029: limited("the server has had too many messages"),
	30046: limited("too many old messages were edited"),
	40002: {
		kind: "unauthorized",
		why: "the account that owns the application must be verified",
		remedy: "Sign in to Discord as the application's owner and verify the e-mail address; then test the integration.",
	},
	40060: overdue,
	50001: rejected(
		"the bot can't see this channel",
		"Add the bot to the server with its install link, and allow it View Channel in the channel's permissions; then press Retry now.",
	),
	50005: gone,
	50006: rejected("the message is empty", defect),
	50007: rejected("this person takes no messages from the bot", "Choose a channel by its id and send anew."),
	50008: rejected("messages can't be posted in this kind of channel", "Choose a text channel or a thread and send anew."),
	50013: rejected(
		"the bot lacks a permission in this channel",
		"Press Test now to see which one, allow it in the channel's permissions, then press Retry now.",
	),
	50024: rejected("this can't be done in this kind of channel", "Choose a text channel or a thread and send anew."),
	50027: overdue,
	50033: rejected("it knows no such person", "Correct the person's id in the address, then send it again."),
	50035: rejected("it can't read the message", defect),
	50083: rejected("the thread is archived", "Write something in the thread to open it again, then press Retry now."),
	160005: rejected("the thread is locked", "Unlock the thread, then press Retry now; or choose another channel and send anew."),
	200000: blockedWords,
	200001: blockedWords,
	240000: blockedWords,
};
