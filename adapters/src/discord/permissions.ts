import { PermissionFlagsBits } from "discord.js";
import { z } from "zod";

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

const union = (bits: readonly bigint[]): bigint => bits.reduce((all, each) => all | each, 0n);

/** What the bot may do in a channel: https://docs.discord.com/developers/topics/permissions#permission-overwrites */
export const permissionsIn = ({ guildId, botId, memberRoles, roles, overwrites }: Standing): bigint => {
	const everyone = roles.find(({ id }) => id === guildId)?.permissions ?? 0n;
	const base = everyone | union(roles.filter(({ id }) => memberRoles.includes(id)).map(({ permissions }) => permissions));
	if ((base & PermissionFlagsBits.Administrator) !== 0n) return ~0n;
	const apply = (bits: bigint, ids: readonly string[]): bigint => {
		const those = overwrites.filter(({ id }) => ids.includes(id));
		return (bits & ~union(those.map(({ deny }) => deny))) | union(those.map(({ allow }) => allow));
	};
	return apply(apply(apply(base, [guildId]), memberRoles), [botId]);
};

type Need = { name: string; bit: bigint; purpose: string };

const view: Need = { name: "View Channel", bit: PermissionFlagsBits.ViewChannel, purpose: "to see it" };
const embed: Need = { name: "Embed Links", bit: PermissionFlagsBits.EmbedLinks, purpose: "to show questions" };
const history: Need = {
	name: "Read Message History",
	bit: PermissionFlagsBits.ReadMessageHistory,
	purpose: "to look whether a question has arrived, and to reply to messages",
};
const sendInThreads: Need = { name: "Send Messages in Threads", bit: PermissionFlagsBits.SendMessagesInThreads, purpose: "to post there" };
const send: Need = { name: "Send Messages", bit: PermissionFlagsBits.SendMessages, purpose: "to post there" };

/** What is asked of a server when the bot is installed there: https://docs.discord.com/developers/topics/permissions */
export const installPermissions = union([view, send, sendInThreads, embed, history].map(({ bit }) => bit));

export const missingPermissions = (granted: bigint, isThread: boolean): { name: string; purpose: string }[] =>
	[view, isThread ? sendInThreads : send, embed, history].filter(({ bit }) => (granted & bit) === 0n);
