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

const pushEvents = async (client: HatchetClient, wakes: Wake[]): Promise<PushFailure[]> => {
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

/**
 * Pushes wakes as events, in bulk by type. What was pushed before Hatchet went away is pushed again by the relay: at least once.
 * gRPC waits up to two minutes before it dials again, however long Hatchet has been back; so after a failure the next push
 * dials anew, on a client of its own. The old one's connection ends after a minute without calls.
 */
export const createEventPush = (createClient: (dial: number) => HatchetClient) => {
	let dial = 1;
	let client = createClient(dial);
	return async (wakes: Wake[]): Promise<PushFailure[]> => {
		const used = client;
		try {
			return await pushEvents(used, wakes);
		} catch (error) {
			// Two lanes that fail on one client need one new client.
			if (error instanceof EngineUnavailableError && used === client) {
				dial += 1;
				client = createClient(dial);
			}
			throw error;
		}
	};
};

export const beforeWork = () =>
	new EngineUnavailableError("No workflows are registered in this process yet.", "Call work() before push().");
