import { AdapterError, type OutboundMessage } from "@agentplanner/contracts";
import { finishSettlement, type ProjectContext, readSettlement, type Settlement } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { attemptMs } from "../attempt-delivery.ts";
import { type House, runContext } from "../house.ts";

/** Tells a platform that what it was sent is over: rewrites the card, stops the agent. */
export const settleDelivery = (house: House) =>
	workflow({
		name: "settle-delivery",
		on: ["message.delivery.cancelled", "message.delivery.superseded", "message.delivery.settle.due"],
		retries: 2,
		timeoutMs: 20_000,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "settle-delivery");
			const settlement = await readSettlement(ctx, input.subjectId);
			if (!settlement) return;
			const signal = AbortSignal.any([run.signal, AbortSignal.timeout(attemptMs)]);
			const told = await tell(house, ctx, settlement, signal);
			// Untold, its timer comes again, more and more slowly.
			if (told || settlement.last) await finishSettlement(ctx, input.subjectId);
			house.log.info({ deliveryId: input.subjectId, projectId: ctx.projectId, told, last: settlement.last }, "settlement ended");
		},
	});

const tell = async (house: House, ctx: ProjectContext, settlement: Settlement, signal: AbortSignal): Promise<boolean> => {
	const { connection } = await house.connections.open(ctx, settlement.integrationId);
	const message: OutboundMessage = { key: settlement.deliveryId, address: settlement.address, content: settlement.content, reply: null };
	try {
		await connection.update?.(settlement.receipt, message, settlement.closing, signal);
		await connection.cancel?.(settlement.receipt, message, settlement.closing, signal);
		return true;
	} catch (error) {
		if (!(error instanceof AdapterError)) throw error;
		house.log.warn({ deliveryId: settlement.deliveryId, kind: error.kind, detail: error.message }, "platform not told");
		return error.kind === "rejected";
	} finally {
		await connection.close();
	}
};
