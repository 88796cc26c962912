import { AdapterError, type OutboundMessage } from "@agentplanner/contracts";
import { type Claim, createReplyToken, isDatabaseUnavailable, type Outcome, type ProjectContext } from "@agentplanner/core";
import { z } from "zod";
import { letGo, type OpenConnection } from "./connections.ts";
import type { House } from "./house.ts";

/** One attempt may take this long, whatever the integration says. */
export const attemptMs = 15_000;

/** An adapter that is told to stop has this long to say how far it got. */
const lastWordsMs = 1_000;

/**
 * Tries once to deliver what was claimed, and says how it went; never throws for what the outside did, only when our own database
 * is away.
 */
export const attemptDelivery = async (house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<Outcome> => {
	let open: OpenConnection;
	try {
		open = await house.connections.open(ctx, claim.integrationId);
	} catch (error) {
		if (isDatabaseUnavailable(error)) throw error;
		house.log.error({ err: error, deliveryId: claim.deliveryId, integrationId: claim.integrationId }, "integration can't be opened");
		return unusable(error);
	}
	try {
		return await unlessDeaf(send(open, house, ctx, claim, signal), signal);
	} catch (error) {
		if (error instanceof AdapterError) return failed(error);
		house.log.error({ err: error, deliveryId: claim.deliveryId, adapter: open.adapter.id }, "adapter failed in a way of its own");
		return broken(`AgentPlanner itself failed while sending: ${wordsOf(error)}`);
	} finally {
		letGo(open, house.log);
	}
};

/** Waits for `work`, but not for an adapter that doesn't hear the signal: its delivery would be held for ever. */
const unlessDeaf = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
	const { promise: deaf, reject } = Promise.withResolvers<never>();
	let timer: NodeJS.Timeout | undefined;
	const onAbort = () => {
		timer = setTimeout(() => reject(new Error("the adapter went on after it was told to stop")), lastWordsMs);
	};
	if (signal.aborted) onAbort();
	else signal.addEventListener("abort", onAbort);
	try {
		return await Promise.race([work, deaf]);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
	}
};

const send = async (
	{ adapter, connection }: OpenConnection,
	house: House,
	ctx: ProjectContext,
	claim: Claim,
	signal: AbortSignal,
): Promise<Outcome> => {
	if (claim.probe) {
		const [problem] = await connection.check(signal);
		if (problem) throw new AdapterError("unauthorized", problem.problem, { remedy: problem.remedy });
	}
	if (claim.uncertain) {
		const found = connection.find
			? await connection.find(claim.deliveryId, signal)
			: { state: adapter.redelivery === "safe" ? "absent" : "unclear" };
		if (found.state === "unclear") return { kind: "unclear" };
		if ("receipt" in found)
			return {
				kind: "delivered",
				receipt: found.receipt,
				inbound: [],
				note: "Found on the platform: an earlier attempt had arrived.",
				exchange: null,
			};
	}
	const { receipt, inbound, exchange, note } = await connection.send(messageOf(house, ctx, claim), signal);
	return { kind: "delivered", receipt, inbound, note: note ?? null, exchange: exchange ?? null };
};

const messageOf = (house: House, ctx: ProjectContext, claim: Claim): OutboundMessage => ({
	key: claim.deliveryId,
	address: claim.address,
	content: claim.content,
	reply: claim.agentRequestId
		? {
				url: `${house.publicUrl}/api/v1/projects/${ctx.projectId}/requests/${claim.agentRequestId}/responses`,
				token: createReplyToken(ctx.keys, claim.deliveryId),
			}
		: null,
});

const failed = (error: AdapterError): Outcome => ({
	kind: error.kind,
	detail: error.message,
	remedy: error.remedy,
	mayHaveBeenAccepted: error.mayHaveBeenAccepted,
	retryAfterMs: error.retryAfterMs,
	gone: error.gone,
	exchange: error.exchange,
});

/** Settings or secrets that can't be read are the integration's trouble, not the message's: hold it and keep looking. */
const unusable = (error: unknown): Outcome => ({
	kind: "unauthorized",
	detail: `This integration can't be opened: ${wordsOf(error)}`,
	remedy:
		"Enter its settings and secrets again; if every integration shows this, the worker runs with another ENCRYPTION_KEY than the api.",
	mayHaveBeenAccepted: false,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});

/** A defect of ours may have struck after the message went out. */
export const broken = (detail: string): Outcome => ({
	kind: "unavailable",
	detail,
	remedy: "It is tried again by itself. If it stays, report it with the worker's log.",
	mayHaveBeenAccepted: true,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});

const wordsOf = (error: unknown): string => {
	if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
	return error instanceof Error ? error.message : String(error);
};
