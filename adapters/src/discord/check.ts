import type { CheckResult, Config } from "@agentplanner/contracts";
import { ApplicationFlags, Routes } from "discord.js";
import { z } from "zod";
import { channelFindingOf, findingOf } from "../finding.ts";
import { threadTypes } from "./channel.ts";
import type { CallDiscord } from "./client.ts";
import { declareCommand } from "./command.ts";
import type { DiscordSecrets, DiscordSettings } from "./config.ts";
import { conversationOf } from "./conversation.ts";
import { installUrl, missingPermissions, Overwrites, permissionsIn, Roles } from "./permissions.ts";

const Application = z.object({
	id: z.string(),
	verify_key: z.string(),
	flags: z.int().default(0),
	interactions_endpoint_url: z.string().nullish(),
});
const Me = z.object({ id: z.string() });
const Channel = z.object({
	type: z.int(),
	guild_id: z.string().optional(),
	parent_id: z.string().nullish(),
	permission_overwrites: Overwrites.default([]),
	thread_metadata: z.object({ archived: z.boolean(), locked: z.boolean() }).partial().optional(),
});
const Member = z.object({ roles: z.array(z.string()) });

/** Text, direct message, group, announcements, their threads, and the text of voice channels. */
const writable = new Set([0, 1, 2, 3, 5, ...threadTypes, 13]);

/** The token, the application it belongs to and its switches, and what the bot may do in every channel that routes lead to. Declares our command where it is missing. */
export const checkDiscord = async (
	call: CallDiscord,
	{ settings }: Config<DiscordSettings, DiscordSecrets>,
	addresses: readonly string[],
	signal: AbortSignal,
): Promise<CheckResult> => {
	try {
		const what = "to say whose the token is";
		const { result: application } = await call({ method: "GET", route: Routes.currentApplication(), answer: Application, what }, signal);
		const problems = applicationProblems(application, settings);
		if (problems.some(({ kind }) => kind === "unauthorized")) return problems;
		const findings = [...problems, ...(await declareCommand(call, settings.application_id, signal))];
		if (addresses.length === 0) return findings;
		const { result: me } = await call({ method: "GET", route: Routes.user(), answer: Me, what }, signal);
		const channels = await Promise.all(addresses.map((address) => checkChannel(call, settings.application_id, me.id, address, signal)));
		return [...findings, ...channels.flat()];
	} catch (error) {
		return findingOf(error);
	}
};

const applicationProblems = (application: z.infer<typeof Application>, settings: DiscordSettings): CheckResult => {
	if (application.id !== settings.application_id)
		return [
			{
				kind: "unauthorized",
				problem: `The bot token belongs to the application ${application.id}, not to ${settings.application_id}.`,
				remedy:
					"In Discord's Developer Portal open the application: take Application ID and Public Key from General Information, the token from Bot.",
			},
		];
	const findings: CheckResult = [];
	if (application.verify_key.toLowerCase() !== settings.public_key.toLowerCase())
		findings.push({
			problem: "The public key is another one than the application's, so that nothing pressed in Discord can be accepted.",
			remedy: "Enter the Public Key of General Information in Discord's Developer Portal with Edit.",
		});
	if (settings.gateway === "off" && !application.interactions_endpoint_url)
		findings.push({
			problem: "Discord has no address to post answers to, so that the buttons under questions do nothing.",
			remedy:
				"In Discord's Developer Portal, General Information, enter this integration's address as Interactions Endpoint URL; or set Replies to hear to mentions or all.",
		});
	const { GatewayMessageContent, GatewayMessageContentLimited } = ApplicationFlags;
	if (settings.gateway === "all" && (application.flags & (GatewayMessageContent | GatewayMessageContentLimited)) === 0)
		findings.push({
			problem: "The bot may not read replies, since its Message Content Intent is off.",
			remedy: "In Discord's Developer Portal, Bot, switch on Message Content Intent; or set Replies to hear to mentions.",
		});
	return findings;
};

const checkChannel = async (
	call: CallDiscord,
	applicationId: string,
	botId: string,
	address: string,
	signal: AbortSignal,
): Promise<CheckResult> => {
	const what = "to show the channel";
	const get = <Shape extends z.ZodType>(route: `/${string}`, answer: Shape) =>
		call({ method: "GET", route, answer, what }, signal).then(({ result }) => result);
	try {
		const channel = await get(Routes.channel(await conversationOf(call, address, signal)), Channel);
		if (!writable.has(channel.type))
			return [{ problem: `The channel ${address} takes no messages.`, remedy: "Choose a text channel or a thread in the route." }];
		const { guild_id: guildId } = channel;
		if (guildId === undefined) return [];
		const isThread = threadTypes.has(channel.type);
		if (channel.thread_metadata?.locked)
			return [{ problem: `The thread ${address} is locked.`, remedy: "Unlock it, or choose another channel in the route." }];
		// A thread has its parent's permissions.
		const parent = isThread && channel.parent_id ? await get(Routes.channel(channel.parent_id), Channel) : channel;
		const [roles, member] = await Promise.all([get(Routes.guildRoles(guildId), Roles), get(Routes.guildMember(guildId, botId), Member)]);
		const granted = permissionsIn({ guildId, botId, memberRoles: member.roles, roles, overwrites: parent.permission_overwrites });
		const missing = missingPermissions(granted, isThread);
		if (missing.length === 0) return [];
		const list = missing.map(({ name, purpose }) => `${name} ${purpose}`).join(", ");
		return [
			{
				problem: `In the channel ${address} the bot lacks ${missing.length === 1 ? "a permission" : "permissions"}: ${list}.`,
				remedy: `Allow it in the channel's settings, Permissions; or install the bot again: ${installUrl(applicationId)}`,
			},
		];
	} catch (error) {
		return channelFindingOf(error, address);
	}
};
