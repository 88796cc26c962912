import { AdapterError } from "@agentplanner/contracts";
import { type Collection, type ProjectContext, readCollection, recordCollected, recordUncollected, wakeSoon } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { attemptMs, messageOf } from "../attempt-delivery.ts";
import { type House, runContext } from "../house.ts";
import { useConnection } from "../use-connection.ts";

/** Looks once for an answer that doesn't come by itself, and makes the next appointment. */
export const collectAnswer = (house: House) =>
	workflow({
		name: "collect-answer",
		on: ["message.delivery.collect.due"],
		retries: 2,
		timeoutMs: 20_000,
		patient: true,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "collect-answer");
			const collection = await readCollection(ctx, input.subjectId);
			if (!collection) return { outcome: "nothing to do" };
			const place = await house.gate.enterAside(ctx);
			if (!place) {
				await wakeSoon(ctx, input.subjectId, "message.delivery.collect.due");
				return { outcome: "turned away" };
			}
			try {
				return await collect(house, ctx, collection, run.signal);
			} finally {
				await place.leave();
			}
		},
	});

const collect = async (house: House, ctx: ProjectContext, collection: Collection, stop: AbortSignal) => {
	const { deliveryId, receipt } = collection;
	const message = messageOf(house, ctx, { ...collection, thread: null });
	const signal = AbortSignal.any([stop, AbortSignal.timeout(attemptMs)]);
	const found = await useConnection(house, ctx, collection, signal, async ({ adapter, connection }) => {
		if (!connection.collect) throw uncollectable(adapter.label);
		return connection.collect(receipt, message, signal);
	});
	if ("kind" in found) await recordUncollected(ctx, collection, found);
	else await recordCollected(ctx, collection, found);
	const outcome = "kind" in found ? found.kind : found.inbound.length > 0 ? "collected" : "not yet";
	house.log.info(
		{ deliveryId, projectId: ctx.projectId, outcome, ...("detail" in found && { detail: found.detail }) },
		"looked for an answer",
	);
	return { outcome };
};

const uncollectable = (label: string) =>
	new AdapterError("rejected", `${label} hands no answers over.`, { remedy: "Ask again by another route, and report this as a defect." });
