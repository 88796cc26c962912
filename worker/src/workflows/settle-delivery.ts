import { AdapterError, type OutboundMessage } from "@agentplanner/contracts";
import {
	finishSettlement,
	isDatabaseUnavailable,
	openIntegration,
	type ProjectContext,
	readSettlement,
	type Settlement,
	wakeSoon,
} from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { attemptMs, pageOf } from "../attempt-delivery.ts";
import { letGo, type OpenConnection } from "../connections.ts";
import { type House, runContext } from "../house.ts";

/** Tells a platform that what it was sent is over: rewrites the card; where it was taken back, stops the agent. */
export const settleDelivery = (house: House) =>
	workflow({
		name: "settle-delivery",
		on: ["message.delivery.cancelled", "message.delivery.superseded", "message.delivery.settle.due"],
		retries: 2,
		timeoutMs: 20_000,
		patient: true,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "settle-delivery");
			const settlement = await readSettlement(ctx, input.subjectId);
			if (!settlement) return;
			const place = await house.gate.enterAside(ctx);
			if (!place) return wakeSoon(ctx, input.subjectId, "message.delivery.settle.due");
			const signal = AbortSignal.any([run.signal, AbortSignal.timeout(attemptMs)]);
			const told = await tell(house, ctx, settlement, signal).finally(place.leave);
			// Untold, its timer comes again, more and more slowly.
			if (told || settlement.last) await finishSettlement(ctx, input.subjectId);
			house.log.info({ deliveryId: input.subjectId, projectId: ctx.projectId, told, last: settlement.last }, "settlement ended");
		},
	});

const tell = async (house: House, ctx: ProjectContext, settlement: Settlement, signal: AbortSignal): Promise<boolean> => {
	const { deliveryId, integrationId, address, content, receipt, closing } = settlement;
	if (!closing) return true;
	let open: OpenConnection | null = null;
	try {
		const integration = await openIntegration(ctx, integrationId);
		// Nothing may be sent there now: it is disabled, or its platform asked for patience.
		if (!integration.enabled || (integration.heldUntil !== null && integration.heldUntil > ctx.now())) return false;
		open = await house.connections.open(integration);
		const link = pageOf(house, ctx, settlement);
		const message: OutboundMessage = { key: deliveryId, address, content, reply: null, link, thread: null };
		await open.connection.update?.(receipt, message, closing, signal);
		if (settlement.stopped) await open.connection.cancel?.(receipt, message, closing, signal);
		return true;
	} catch (error) {
		if (isDatabaseUnavailable(error)) throw error;
		if (error instanceof AdapterError) house.log.warn({ deliveryId, kind: error.kind, detail: error.message }, "platform not told");
		else house.log.error({ err: error, deliveryId, integrationId }, "platform not told for a reason of our own");
		return error instanceof AdapterError && error.kind === "rejected";
	} finally {
		if (open) letGo(open, house.log);
	}
};
