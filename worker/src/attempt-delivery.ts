import { randomBytes } from "node:crypto";
import { AdapterError, decisionPath, type FindResult, type OutboundMessage, requestPath } from "@agentplanner/contracts";
import { type Claim, createReplyToken, type Outcome, type ProjectContext } from "@agentplanner/core";
import type { OpenConnection } from "./connections.ts";
import type { House } from "./house.ts";
import { wordsOf } from "./unusable.ts";
import { useConnection } from "./use-connection.ts";

/** One attempt may take this long, whatever the integration says. */
export const attemptMs = 15_000;

/** The probe of an integration that was unauthorized has this long; the rest of the attempt is for the message. */
const probeMs = 5_000;

/** Tries once to deliver what was claimed, and says how it went and what was composed for it; never throws. */
export const attemptDelivery = async (house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<Outcome> => {
	const composed: Composed = {};
	const outcome = await useConnection(house, ctx, claim, signal, (opened) => send(opened, house, ctx, { claim, composed }, signal));
	return { ...outcome, ...composed };
};

/** Known also where the attempt fails. */
type Composed = Pick<Outcome, "payload">;

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

const send = async (
	open: OpenConnection,
	house: House,
	ctx: ProjectContext,
	{ claim, composed }: { claim: Claim; composed: Composed },
	signal: AbortSignal,
): Promise<Outcome> => {
	const { adapter, connection } = open;
	if (claim.probe) await probe(open, house, claim, signal);
	const message = messageOf(house, ctx, claim);
	const payload = claim.payload ?? connection.compose(message);
	if (claim.payload === null) composed.payload = payload;
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
				collectInMs: found.collectInMs ?? null,
				note: "Found on the platform: an earlier attempt had arrived.",
				exchange: null,
			};
		beforehand = found.note ?? null;
	}
	const { receipt, inbound, exchange, note, collectInMs = null } = await connection.send(message, payload, signal);
	const notes = [beforehand, note].filter((said) => typeof said === "string").join(" ");
	return { kind: "delivered", receipt, inbound, note: notes === "" ? null : notes, exchange: exchange ?? null, collectInMs };
};

type Sendable = Pick<Claim, "deliveryId" | "address" | "content" | "agentRequestId" | "thread">;

/** What an adapter is given to send; its trace is that of what caused the delivery, with this attempt as the parent. */
export const messageOf = (house: House, ctx: ProjectContext, claim: Sendable): OutboundMessage => ({
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
	if (content.kind === "decision" || (content.kind === "decision_outcome" && agentRequestId === null))
		return publicUrl + decisionPath({ projectId, planId: content.plan.id, nodeId: content.node.id, decisionId: content.decision_id });
	const requestId = agentRequestId ?? (content.kind === "text" ? content.about?.agent_request_id : undefined);
	return requestId ? publicUrl + requestPath({ projectId, requestId }) : null;
};
