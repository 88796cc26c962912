import type { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { EngineUnavailableError, type PushFailure } from "../engine.ts";
import { inChunks } from "../run/in-chunks.ts";
import { refuseInput } from "../run/refuse-input.ts";
import type { Wake } from "../workflow.ts";
import { maxBytesPerCall, maxPerCall } from "./limits.ts";
import { isRefusal, unavailable } from "./unavailable.ts";

const pushChunk = async (client: HatchetClient, type: string, wakes: Wake[]): Promise<PushFailure[]> => {
	try {
		await client.events.bulkPush(
			type,
			wakes.map((wake) => ({ payload: wake.input, additionalMetadata: wake.metadata })),
		);
		return [];
	} catch (error) {
		if (!isRefusal(error)) throw unavailable(error, client.config.host_port);
		const [only] = wakes;
		if (only && wakes.length === 1)
			return [{ wakeId: only.input.wakeId, error: error instanceof Error ? error : new Error(String(error)) }];
		// One that Hatchet refuses must not hold up the others.
		const failures: PushFailure[] = [];
		for (const wake of wakes) failures.push(...(await pushChunk(client, type, [wake])));
		return failures;
	}
};

/** Pushes wakes as events, in bulk by type. What was pushed before Hatchet went away is pushed again by the relay: at least once. */
export const pushEvents = async (client: HatchetClient, wakes: Wake[]): Promise<PushFailure[]> => {
	const failures: PushFailure[] = [];
	const byType = new Map<string, Wake[]>();
	for (const wake of wakes) {
		const refusal = refuseInput(wake.input);
		if (refusal) failures.push({ wakeId: wake.input.wakeId, error: refusal });
		else byType.set(wake.type, [...(byType.get(wake.type) ?? []), wake]);
	}
	for (const [type, ofType] of byType)
		for (const chunk of inChunks(ofType, maxPerCall, maxBytesPerCall)) failures.push(...(await pushChunk(client, type, chunk)));
	return failures;
};

export const beforeWork = () =>
	new EngineUnavailableError("No workflows are registered in this process yet.", "Call work() before push().");
