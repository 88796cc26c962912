import { randomBytes } from "node:crypto";
import { AdapterError, decisionPath, type FindResult, type OutboundMessage } from "@agentplanner/contracts";
import { type Claim, createReplyToken, type Outcome, type ProjectContext, unsealIntegration } from "@agentplanner/core";
import { letGo, type OpenConnection } from "./connections.ts";
import type { House } from "./house.ts";
import { DeafError, unlessDeaf } from "./unless-deaf.ts";
import { unusable, wordsOf } from "./unusable.ts";

/** One attempt may take this long, whatever the integration says. */
export const attemptMs = 15_000;

/** The probe of an integration that was unauthorized has this long; the rest of the attempt is for the message. */
const probeMs = 5_000;

/** An adapter that is told to stop has this long to say how far it got. */
const lastWordsMs = 1_000;

/** Tries once to deliver what was claimed, and says how it went; never throws. */
export const attemptDelivery = async (house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<Outcome> => {
	const opened = await openInTime(house, ctx, claim, signal);
	if ("kind" in opened) return opened;
	try {
		return await unlessDeaf(send(opened, house, ctx, claim, signal), signal, lastWordsMs);
	} catch (error) {
		if (error instanceof AdapterError) return failed(error);
		house.log.error({ err: error, deliveryId: claim.deliveryId, adapter: opened.adapter.id }, "adapter failed in a way of its own");
		return broken(`AgentPlanner itself failed while sending: ${wordsOf(error)}`);
	} finally {
		letGo(opened, house.log);
	}
};

const openInTime = async (house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<OpenConnection | Outcome> => {
	const opening = open(house, ctx, claim);
	try {
		return await unlessDeaf(opening, signal, lastWordsMs);
	} catch (error) {
		if (error instanceof DeafError)
			opening.then(
				(late) => letGo(late, house.log),
				() => {},
			);
		house.log.error({ err: error, deliveryId: claim.deliveryId, integrationId: claim.integration.id }, "integration can't be opened");
		if (error instanceof DeafError) return broken("This integration took too long to open; nothing was sent.", false);
		return unopened(error);
	}
};

const open = async (house: House, ctx: ProjectContext, { integration }: Claim): Promise<OpenConnection> =>
	house.connections.open(unsealIntegration(ctx, integration));

/** Throws where the integration's credentials are still refused. Other troubles of the probe are no verdict on the message. */
const probe = async ({ connection }: OpenConnection, house: House, claim: Claim, signal: AbortSignal): Promise<void> => {
	const outcome = await connection
		.check([claim.address], AbortSignal.any([signal, AbortSignal.timeout(probeMs)]))
		.catch((error: unknown) => {
			if (error instanceof AdapterError && error.kind === "unauthorized") throw error;
			return [{ problem: wordsOf(error) }];
		});
	for (const problem of outcome) {
		if ("kind" in problem && problem.kind === "unauthorized")
			throw new AdapterError("unauthorized", problem.problem, { remedy: problem.remedy });
		house.log.info({ deliveryId: claim.deliveryId, problem: problem.problem }, "the probe says nothing about the credentials; sending");
	}
};

const send = async (open: OpenConnection, house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<Outcome> => {
	const { adapter, connection } = open;
	if (claim.probe) await probe(open, house, claim, signal);
	const message = messageOf(house, ctx, claim);
	let beforehand: string | null = null;
	if (claim.uncertainSince) {
		const found: FindResult = connection.find
			? await connection.find(message, claim.uncertainSince, signal)
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
		beforehand = found.note ?? null;
	}
	const { receipt, inbound, exchange, note } = await connection.send(message, signal);
	const notes = [beforehand, note].filter((said) => typeof said === "string").join(" ");
	return { kind: "delivered", receipt, inbound, note: notes === "" ? null : notes, exchange: exchange ?? null };
};

/** What an adapter is given to send; its trace is that of what caused the delivery, with this attempt as the parent. */
export const messageOf = (house: House, ctx: ProjectContext, claim: Claim): OutboundMessage => ({
	key: claim.deliveryId,
	address: claim.address,
	content: claim.content,
	reply: claim.agentRequestId
		? {
				url: `${house.publicUrl}/api/v1/projects/${ctx.projectId}/requests/${claim.agentRequestId}/responses`,
				token: createReplyToken(ctx.keys, claim.deliveryId),
			}
		: null,
	link: pageOf(house, ctx, claim),
	thread: claim.thread,
	traceparent: ctx.traceId === null ? null : `00-${ctx.traceId}-${randomBytes(8).toString("hex")}-01`,
});

/** Where people read what the message is about, and decide it. */
export const pageOf = (
	{ publicUrl }: House,
	{ projectId }: ProjectContext,
	{ agentRequestId, content }: Pick<Claim, "agentRequestId" | "content">,
): string | null => {
	if (content.kind === "decision")
		return publicUrl + decisionPath({ projectId, planId: content.plan.id, nodeId: content.node.id, decisionId: content.decision_id });
	return agentRequestId ? `${publicUrl}/projects/${projectId}/requests/${agentRequestId}` : null;
};

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
const unopened = (error: unknown): Outcome => ({
	kind: "unauthorized",
	...unusable(error),
	mayHaveBeenAccepted: false,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});

/** A defect of ours may have struck after the message went out. */
export const broken = (detail: string, mayHaveBeenAccepted = true): Outcome => ({
	kind: "unavailable",
	detail,
	remedy: "It is tried again by itself. If it stays, report it with the worker's log.",
	mayHaveBeenAccepted,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});
