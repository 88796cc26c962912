import { randomUUID } from "node:crypto";
import type { AdapterContext, Closing, Config, Connection, OutboundMessage } from "@agentplanner/contracts";
import { findingOf } from "../finding.ts";
import { readAnswer } from "./answer.ts";
import type { WebhookSecrets, WebhookSettings } from "./config.ts";
import { closingBody, messageBody, pingBody } from "./payload.ts";
import { post } from "./post.ts";

const canBeAnswered = ({ content }: OutboundMessage): boolean => "agent_request_id" in content;

/** Of an event its own: whoever subscribes twice at one address drops the second copy. */
const idOf = ({ key, content }: OutboundMessage): string => (content.kind === "event" ? content.event_id : key);

export const openWebhook = (config: Config<WebhookSettings, WebhookSecrets>, context: AdapterContext): Connection => {
	/** Under an id of its own, since receivers drop what bears the message's. */
	const close = async (message: OutboundMessage, closing: Closing, signal: AbortSignal) => {
		const body = closingBody(message, closing, context.now());
		if (body) await post(config, context, { id: `${message.key}-closed`, body }, signal);
	};
	return {
		compose: messageBody,
		async send(message, payload, signal) {
			const { response, exchange } = await post(
				config,
				context,
				{ id: idOf(message), body: payload, isKept: true, replyToken: message.reply?.token, traceparent: message.traceparent },
				signal,
			);
			const { inbound, note } = canBeAnswered(message) ? readAnswer(message.key, response) : { inbound: [] };
			if (response.headers["webhook-delivery"]?.trim().toLowerCase() === "disable")
				inbound.push({ type: "removed", externalId: `${message.key}:removed`, reason: "The receiver wants no more messages." });
			return { receipt: { platformId: null }, inbound, exchange, ...(note && { note }) };
		},
		cancel: (_receipt, message, closing, signal) => close(message, closing, signal),
		async check(_addresses, signal) {
			try {
				await post(config, context, { id: `ping-${randomUUID()}`, body: pingBody(context.now()) }, signal);
				return [];
			} catch (error) {
				return findingOf(error);
			}
		},
		async close() {},
	};
};
