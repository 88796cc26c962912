import { randomUUID } from "node:crypto";
import type { OutboundMessage } from "@agentplanner/contracts";
import { afterEach, beforeEach } from "vitest";
import { buildMessage } from "../../fixtures/messages.ts";
import type { SlackSecrets } from "../../src/slack/config.ts";
import { slack } from "../../src/slack/index.ts";
import { type Composing, composing } from "../composing.ts";
import { loopbackContext } from "../loopback-context.ts";
import { type SlackDouble, startSlackDouble } from "./slack-double.ts";
import { workspace } from "./workspace.ts";

const { channel, appId, token, signingSecret } = workspace;
/** What was logged, by all tests of a file. */
export const warnings: object[] = [];

const context = loopbackContext((fields, message) => void warnings.push({ ...fields, message }));

export const signal = () => AbortSignal.timeout(10_000);

export const long = (count: number) => "x".repeat(count);

export const connect = async (url: string, secrets: SlackSecrets = { bot_token: token, signing_secret: signingSecret }) =>
	composing(await slack.open({ settings: { app_id: appId, api_url: url }, secrets }, context));

export const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), address: channel, ...overrides });

/** A workspace of its own for each test, and a connection to it. */
export const useSlack = (): { double: SlackDouble; connection: Composing } => {
	const current = {} as { double: SlackDouble; connection: Composing };
	beforeEach(async () => {
		current.double = await startSlackDouble();
		current.connection = await connect(current.double.url);
	});
	afterEach(() => current.double.close());
	return current;
};
