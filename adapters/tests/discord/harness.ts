import { randomUUID } from "node:crypto";
import type { OutboundMessage } from "@agentplanner/contracts";
import { afterEach, beforeEach } from "vitest";
import { buildMessage } from "../../fixtures/messages.ts";
import type { DiscordSettings } from "../../src/discord/config.ts";
import { discord } from "../../src/discord/index.ts";
import { type Composing, composing } from "../composing.ts";
import { loopbackContext } from "../loopback-context.ts";
import { type DiscordDouble, startDiscordDouble } from "./discord-double.ts";
import { world } from "./world.ts";

export const settings: DiscordSettings = { application_id: world.applicationId, public_key: world.publicKey, gateway: "off" };
/** Another one of the same form. */
export const wrongToken = `MTE2${world.token.slice(4).toUpperCase()}`;

export const signal = () => AbortSignal.timeout(10_000);

export const long = (count: number) => "x".repeat(count);

export const connect = async (url: string, changes: Partial<DiscordSettings> = {}, bot_token = world.token, context = loopbackContext()) =>
	composing(await discord.open({ settings: { ...settings, api_url: url, ...changes }, secrets: { bot_token } }, context));

export const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), address: world.channel, ...overrides });

export const receiptOf = (id = "") => ({ platformId: id, data: { channel: world.channel, message: id } });

/** What Discord says to a body that it can't read. */
export const unreadable = { kind: "status", status: 400, body: '{"code":50035,"message":"Invalid Form Body"}' } as const;

/** A server of its own for each test, and a connection to it. */
export const useDiscord = (): { double: DiscordDouble; connection: Composing } => {
	const current = {} as { double: DiscordDouble; connection: Composing };
	beforeEach(async () => {
		current.double = await startDiscordDouble();
		current.connection = await connect(current.double.url);
	});
	afterEach(() => current.double.close());
	return current;
};
