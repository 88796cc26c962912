import { z } from "zod";

/** https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags */
const bits = {
	administrator: 1n << 3n,
	viewChannel: 1n << 10n,
	sendMessages: 1n << 11n,
	embedLinks: 1n << 14n,
	readMessageHistory: 1n << 16n,
	sendMessagesInThreads: 1n << 38n,
};

const Bits = z.string().regex(/^\d+$/).transform(BigInt);

export const Overwrites = z.array(z.object({ id: z.string(), allow: Bits, deny: Bits }));
export const Roles = z.array(z.object({ id: z.string(), permissions: Bits }));

type Standing = {
	guildId: string;
	botId: string;
	/** The ids of the bot's roles. */
	memberRoles: readonly string[];
	roles: z.infer<typeof Roles>;
	overwrites: z.infer<typeof Overwrites>;
};

const union = (all: readonly bigint[]): bigint => all.reduce((sum, each) => sum | each, 0n);

/** What the bot may do in a channel: https://docs.discord.com/developers/topics/permissions#permission-overwrites */
export const permissionsIn = ({ guildId, botId, memberRoles, roles, overwrites }: Standing): bigint => {
	const everyone = roles.find(({ id }) => id === guildId)?.permissions ?? 0n;
	const base = everyone | union(roles.filter(({ id }) => memberRoles.includes(id)).map(({ permissions }) => permissions));
	if ((base & bits.administrator) !== 0n) return ~0n;
	const apply = (before: bigint, ids: readonly string[]): bigint => {
		const those = overwrites.filter(({ id }) => ids.includes(id));
		return (before & ~union(those.map(({ deny }) => deny))) | union(those.map(({ allow }) => allow));
	};
	return apply(apply(apply(base, [guildId]), memberRoles), [botId]);
};

type Need = { name: string; bit: bigint; purpose: string };

const view: Need = { name: "View Channel", bit: bits.viewChannel, purpose: "to see it" };
const embed: Need = { name: "Embed Links", bit: bits.embedLinks, purpose: "to show questions" };
const history: Need = {
	name: "Read Message History",
	bit: bits.readMessageHistory,
	purpose: "to look whether a question has arrived, and to reply to messages",
};
const sendInThreads: Need = { name: "Send Messages in Threads", bit: bits.sendMessagesInThreads, purpose: "to post there" };
const send: Need = { name: "Send Messages", bit: bits.sendMessages, purpose: "to post there" };

/** What is asked of a server when the bot is added there. */
export const installPermissions = union([view, send, sendInThreads, embed, history].map(({ bit }) => bit));

/** Where a server's owner adds the bot: https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow */
export const installUrl = (applicationId: string): string =>
	`https://discord.com/oauth2/authorize?client_id=${applicationId}&scope=bot&permissions=${installPermissions}`;

export const missingPermissions = (granted: bigint, isThread: boolean): { name: string; purpose: string }[] =>
	[view, isThread ? sendInThreads : send, embed, history].filter(({ bit }) => (granted & bit) === 0n);
