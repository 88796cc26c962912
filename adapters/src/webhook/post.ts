import {
	type AdapterContext,
	AdapterError,
	type Config,
	type Exchange,
	type GuardedResponse,
	maxPayloadBytes,
} from "@agentplanner/contracts";
import { recordExchange } from "../exchange.ts";
import { createMask, sensitiveValues } from "../mask.ts";
import { unreachable } from "../unreachable.ts";
import { maskedValues, signingSecrets, type WebhookSecrets, type WebhookSettings } from "./config.ts";
import { failureOf } from "./outcome.ts";
import { sign } from "./sign.ts";

/** A test keeps the version equal to the product's. */
export const userAgent = "AgentPlanner/0.1.0";

export type SignedPost = {
	id: string;
	body: string;
	/** It is the delivery's payload, which is kept there. */
	isKept?: true;
	replyToken?: string | undefined;
	traceparent?: string | null | undefined;
};

/** One signed POST. Resolves on a 2xx, throws AdapterError otherwise. */
export const post = async (
	{ settings, secrets }: Config<WebhookSettings, WebhookSecrets>,
	context: AdapterContext,
	{ id, body: text, isKept, replyToken, traceparent }: SignedPost,
	signal: AbortSignal,
): Promise<{ response: GuardedResponse; exchange: Exchange }> => {
	const body = new TextEncoder().encode(text);
	const headers = {
		...settings.headers,
		...(secrets.authorization && { authorization: secrets.authorization }),
		"content-type": "application/json",
		"user-agent": userAgent,
		...(traceparent && { traceparent }),
		...sign(signingSecrets(secrets), id, context.now(), body),
	};
	const mask = createMask([...maskedValues(secrets), ...sensitiveValues(settings.headers ?? {}), ...(replyToken ? [replyToken] : [])]);
	const request = { method: "POST", url: settings.url, headers, body };
	if (body.length > maxPayloadBytes)
		throw new AdapterError("rejected", `The message has ${body.length} bytes; a webhook carries ${maxPayloadBytes}.`, {
			remedy: "Shorten the task's instructions or descriptions, then ask again.",
			exchange: recordExchange(request, null, mask),
		});
	const record = (response: GuardedResponse | null) => recordExchange(request, response, mask, isKept ? null : body);
	const deadline = settings.timeout_ms === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(settings.timeout_ms)]);
	const response = await context.fetch(request.url, { ...request, signal: deadline }).catch((error: unknown) => {
		throw unreachable(error, record(null));
	});
	const exchange = record(response);
	if (response.status < 200 || response.status > 299) throw failureOf(response, exchange, context.now());
	return { response, exchange };
};
