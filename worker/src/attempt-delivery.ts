import { AdapterError, type OutboundMessage } from "@agentplanner/contracts";
import { type Claim, createReplyToken, type Outcome, type ProjectContext } from "@agentplanner/core";
import type { OpenConnection } from "./connections.ts";
import type { House } from "./house.ts";

/** One attempt may take this long, whatever the integration says. */
export const attemptMs = 15_000;

/** Tries once to deliver what was claimed, and says how it went; never throws for what the outside did. */
export const attemptDelivery = async (house: House, ctx: ProjectContext, claim: Claim, signal: AbortSignal): Promise<Outcome> => {
	let open: OpenConnection;
	try {
		open = await house.connections.open(ctx, claim.integrationId);
	} catch (error) {
		return unusable(error);
	}
	try {
		return await send(open, house, ctx, claim, signal);
	} catch (error) {
		if (error instanceof AdapterError) return failed(error);
		house.log.error({ err: error, deliveryId: claim.deliveryId, adapter: open.adapter.id }, "adapter failed in a way of its own");
		return broken(error);
	} finally {
		await open.connection.close();
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
	detail: `This integration can't be opened: ${error instanceof Error ? error.message : String(error)}`,
	remedy:
		"Enter its settings and secrets again; if every integration shows this, the worker runs with another ENCRYPTION_KEY than the api.",
	mayHaveBeenAccepted: false,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});

/** A defect of ours may have struck after the message went out. */
const broken = (error: unknown): Outcome => ({
	kind: "unavailable",
	detail: `AgentPlanner itself failed while sending: ${error instanceof Error ? error.message : String(error)}`,
	remedy: "It is tried again by itself. If it stays, report it with the worker's log.",
	mayHaveBeenAccepted: true,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});
