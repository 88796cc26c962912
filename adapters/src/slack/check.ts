import { type CheckResult, personOf } from "@agentplanner/contracts";
import { z } from "zod";
import { channelFindingOf, findingOf } from "../finding.ts";
import { channelOf, isConversation } from "./channel.ts";
import type { CallSlack } from "./client.ts";

/** What each scope is for; the manifest in docs/slack.md asks for the same. */
export const neededScopes: Record<string, string> = {
	"chat:write": "to post questions",
	"channels:read": "to see which public channels it is in",
	"groups:read": "to see which private channels it is in",
	"channels:history": "to read answers in public channels",
	"groups:history": "to read answers in private channels",
	"users:read": "to show who answered",
	"im:write": "to find its messages to single people",
	"im:history": "to read answers in them",
	commands: "to hear /planner",
};

const Granted = z.object({
	response_metadata: z
		.object({ scopes: z.array(z.string()) })
		.partial()
		.optional(),
});
const Member = z.object({ user: z.object({ deleted: z.boolean() }).partial() });
const Channel = z.object({ channel: z.object({ is_member: z.boolean(), is_archived: z.boolean() }).partial() });

/** The token, its scopes, and whether the app is in every channel that routes lead to. */
export const checkSlack = async (call: CallSlack, addresses: readonly string[], signal: AbortSignal): Promise<CheckResult> => {
	try {
		const { result } = await call("auth.test", {}, signal);
		const scopes = Granted.parse(result).response_metadata?.scopes;
		const channels = await Promise.all(addresses.map((address) => checkChannel(call, address, signal)));
		return [...(scopes ? missingScopes(scopes) : []), ...channels.flat()];
	} catch (error) {
		return findingOf(error);
	}
};

const missingScopes = (granted: string[]): CheckResult => {
	const missing = Object.entries(neededScopes).filter(([scope]) => !granted.includes(scope));
	if (missing.length === 0) return [];
	const one = missing.length === 1;
	const list = missing.map(([scope, purpose]) => `${scope} ${purpose}`).join(", ");
	return [
		{
			problem: `The app lacks ${one ? "a scope" : "scopes"}: ${list}.`,
			remedy: `In Slack's app settings, OAuth & Permissions, add ${one ? "it" : "them"} to the Bot Token Scopes and reinstall the app.`,
			...(missing.some(([scope]) => scope === "chat:write") && { kind: "unauthorized" as const }),
		},
	];
};

const checkChannel = async (call: CallSlack, address: string, signal: AbortSignal): Promise<CheckResult> => {
	try {
		const channelId = channelOf(address);
		if (personOf(address) !== null) return await checkMember(call, channelId, signal);
		// The app is in its own conversations, and may not look at them as channels.
		if (isConversation(channelId)) return [];
		const { result } = await call("conversations.info", { channel: channelId }, signal);
		const { channel } = Channel.parse(result);
		if (channel.is_archived)
			return [{ problem: `The channel ${address} is archived.`, remedy: "Unarchive it, or choose another channel in the route." }];
		if (channel.is_member !== true)
			return [{ problem: `The app is not in the channel ${address}.`, remedy: "Write /invite @AgentPlanner there." }];
		return [];
	} catch (error) {
		return channelFindingOf(error, address);
	}
};

const checkMember = async (call: CallSlack, member: string, signal: AbortSignal): Promise<CheckResult> => {
	const { result } = await call("users.info", { user: member }, signal);
	return Member.parse(result).user.deleted
		? [{ problem: `The account of the member ${member} is deactivated in Slack.`, remedy: "Choose somebody else in the route." }]
		: [];
};
