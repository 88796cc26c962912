import { randomUUID } from "node:crypto";
import type { AdapterError, OutboundMessage, Receipt } from "@agentplanner/contracts";
import { afterEach, beforeEach, expect } from "vitest";
import { buildMessage } from "../../fixtures/messages.ts";
import { createDeviceKey } from "../../src/openclaw/device.ts";
import { openclaw } from "../../src/openclaw/index.ts";
import { type Composing, composing } from "../composing.ts";
import { loopbackContext } from "../loopback-context.ts";
import { type GatewayDouble, gatewayToken, startGatewayDouble } from "./gateway-double.ts";

const deviceKey = createDeviceKey();

export const signal = () => AbortSignal.timeout(15_000);

export const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), ...overrides });

export const failure = (doing: Promise<unknown> | undefined) =>
	Promise.resolve(doing).then(
		() => expect.fail("it didn't fail"),
		(error: AdapterError) => error,
	);

/** What a message comes to, once its answer is there. */
export const collected = (message: OutboundMessage, text: string, type = "answer") => ({
	inbound: [{ type, externalId: message.key, deliveryId: message.key, text, author: null }],
	againInMs: null,
});

/** A gateway of its own for each test, and a connection to it. */
export const useGateway = () => {
	const current = {} as { double: GatewayDouble; connection: Composing };
	const open = async (settings: { url?: string; agent?: string } = {}, token = gatewayToken) =>
		composing(
			await openclaw.open(
				{ settings: { url: current.double.url, ...settings }, secrets: { token, device_key: deviceKey } },
				loopbackContext(),
			),
		);
	beforeEach(async () => {
		current.double = await startGatewayDouble();
		current.connection = await open();
	});
	// Throws where the adapter asked for what no gateway knows.
	afterEach(() => current.double.close());
	return Object.assign(current, {
		open,
		send: async (message: OutboundMessage): Promise<Receipt> => (await current.connection.send(message, signal())).receipt,
		collect: (receipt: Receipt, message: OutboundMessage) => current.connection.collect?.(receipt, message, signal()),
		/** The runs that were asked for. */
		asked: () => current.double.calls.filter(({ method }) => method === "agent"),
	});
};
