import type { AdapterContext, Config, Exchange, GuardedSocket } from "@agentplanner/contracts";
import { z } from "zod";
import { recordExchange } from "../exchange.ts";
import { createMask } from "../mask.ts";
import { parseJson } from "../parse-json.ts";
import type { OpenClawSecrets, OpenClawSettings } from "./config.ts";
import { client, deviceProof, role, scopes } from "./device.ts";
import { broken, GatewayError, garbled, refusalOf, unopened } from "./outcome.ts";

const protocol = 4;
/** A page of a transcript may be long. */
const maxMessageBytes = 8 * 1024 * 1024;

const Frame = z.discriminatedUnion("type", [
	z.object({ type: z.literal("event"), event: z.string(), payload: z.unknown().optional() }),
	z.object({ type: z.literal("res"), id: z.string(), ok: z.boolean(), payload: z.unknown().optional(), error: z.unknown().optional() }),
]);
type Response = Extract<z.infer<typeof Frame>, { type: "res" }>;

const Challenge = z.object({ nonce: z.string() });
const Hello = z.object({
	auth: z.object({ scopes: z.array(z.string()).default([]) }),
	snapshot: z.object({ uptimeMs: z.number().default(Number.POSITIVE_INFINITY) }).default({ uptimeMs: Number.POSITIVE_INFINITY }),
});

export type Answer<Result> = { result: Result; exchange: Exchange };

/** `sending`: the call itself brings the message, so that a break in the middle leaves open whether it arrived. */
export type Call = <Result>(
	method: string,
	params: Record<string, unknown>,
	shape: z.ZodType<Result>,
	options?: { sending?: boolean },
) => Promise<Answer<Result>>;

/** A connection to a gateway, for a few calls. All of it throws AdapterError. */
export type Gateway = { call: Call; scopes: string[]; uptimeMs: number; close(): void };

type Waiting = { resolve(response: Response): void; reject(why: string): void };

/** Connects, proves who we are, and hands over the line. `signal` ends it. https://docs.openclaw.ai/gateway/protocol */
export const openGateway = async (
	{ settings, secrets }: Config<OpenClawSettings, OpenClawSecrets>,
	context: AdapterContext,
	signal: AbortSignal,
): Promise<Gateway> => {
	const mask = createMask(Object.values(secrets));
	const record = (method: string, params: Record<string, unknown>, response: Response | null): Exchange => {
		const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value, null, 1));
		const answered = response && { status: 200, headers: {}, body: encode(response), truncated: false };
		return recordExchange({ method, url: settings.url, headers: {}, body: encode(params) }, answered, mask);
	};

	const waiting = new Map<string, Waiting>();
	const challenge = Promise.withResolvers<string>();
	// Whoever waits for it hears; else it is nobody's failure.
	challenge.promise.catch(() => {});
	let closed: string | null = null;
	let socket: GuardedSocket;
	try {
		socket = await context.connect(settings.url, {
			signal,
			maxMessageBytes,
			onMessage: (text) => {
				const frame = Frame.safeParse(parseJson(text)).data;
				if (frame?.type === "event" && frame.event === "connect.challenge")
					challenge.resolve(Challenge.safeParse(frame.payload).data?.nonce ?? "");
				if (frame?.type !== "res") return;
				waiting.get(frame.id)?.resolve(frame);
				waiting.delete(frame.id);
			},
			onClose: (code, reason) => {
				closed = signal.aborted
					? "no answer in the time allowed"
					: `the connection closed (${[code, mask(reason).slice(0, 200)].filter(Boolean).join(", ")})`;
				challenge.reject(new Error(closed));
				for (const { reject } of waiting.values()) reject(closed);
				waiting.clear();
			},
		});
	} catch (error) {
		throw unopened(error, record("connect", {}, null), context.now());
	}

	let frames = 0;
	const call: Call = async (method, params, shape, { sending = false } = {}) => {
		const id = String(++frames);
		if (closed !== null) throw broken(closed, { exchange: record(method, params, null), sent: false });
		const response = await new Promise<Response>((resolve, reject) => {
			const onClosed = (why: string) => reject(broken(why, { exchange: record(method, params, null), sent: sending }));
			waiting.set(id, { resolve, reject: onClosed });
			socket.send(JSON.stringify({ type: "req", id, method, params }));
		});
		const exchange = record(method, params, response);
		const result = shape.safeParse(response.payload);
		if (result.success && (response.ok || "status" in Object(response.payload))) return { result: result.data, exchange };
		const error = GatewayError.safeParse(response.error);
		if (!response.ok && error.success)
			throw refusalOf({ ...error.data, message: mask(error.data.message) }, { method, exchange, mayHaveBeenAccepted: sending });
		throw garbled(method, exchange, sending);
	};

	try {
		const nonce = await challenge.promise.catch((error: Error) => {
			throw broken(error.message, { exchange: record("connect", {}, null), sent: false });
		});
		const { result } = await call("connect", connectParams(secrets, nonce, context.now()), Hello);
		return { call, scopes: result.auth.scopes, uptimeMs: result.snapshot.uptimeMs, close: () => socket.close() };
	} catch (error) {
		socket.close();
		throw error;
	}
};

const connectParams = ({ token, device_key }: OpenClawSecrets, nonce: string, now: Date) => ({
	...{ minProtocol: protocol, maxProtocol: protocol, client, role, scopes, caps: [] },
	auth: { token },
	device: deviceProof(device_key, { nonce, token, now }),
});
