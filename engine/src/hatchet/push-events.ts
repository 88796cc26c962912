import type { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { EngineUnavailableError, type PushFailure } from "../engine.ts";
import { inChunks } from "../run/in-chunks.ts";
import { refuseInput } from "../run/refuse-input.ts";
import type { Wake } from "../workflow.ts";
import { maxBytesPerCall, maxPerCall } from "./limits.ts";
import { isAway, isRefusal, unavailable } from "./unavailable.ts";

export type EventSink = Pick<HatchetClient["events"], "bulkPush">;

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** One push: what Hatchet took, what it refused for what it is, and what failed for a reason that doesn't say whose fault it is. */
const createPush = (events: EventSink, address: string) => {
	let taken = 0;
	const refused: PushFailure[] = [];
	const doubtful: PushFailure[] = [];
	const push = async (type: string, wakes: Wake[]): Promise<void> => {
		try {
			await events.bulkPush(
				type,
				wakes.map((wake) => ({ payload: wake.input, additionalMetadata: wake.metadata })),
			);
			taken += wakes.length;
		} catch (error) {
			if (isAway(error)) throw unavailable(error, address);
			const [only] = wakes;
			// One that Hatchet doesn't take must not hold up the others.
			if (!only || wakes.length > 1) for (const wake of wakes) await push(type, [wake]);
			else (isRefusal(error) ? refused : doubtful).push({ wakeId: only.input.wakeId, error: asError(error) });
		}
	};
	const failures = (): PushFailure[] => {
		// Where nothing at all gets through the trouble is Hatchet's, and nobody's event is to blame.
		if (taken === 0 && doubtful[0]) throw unavailable(doubtful[0].error, address);
		return [...refused, ...doubtful];
	};
	return { push, failures };
};

export const pushWakesTo = async (events: EventSink, address: string, wakes: Wake[]): Promise<PushFailure[]> => {
	const refused: PushFailure[] = [];
	const byType = new Map<string, Wake[]>();
	for (const wake of wakes) {
		const refusal = refuseInput(wake.input);
		if (refusal) refused.push({ wakeId: wake.input.wakeId, error: refusal });
		else byType.set(wake.type, [...(byType.get(wake.type) ?? []), wake]);
	}
	const { push, failures } = createPush(events, address);
	for (const [type, ofType] of byType) for (const chunk of inChunks(ofType, maxPerCall, maxBytesPerCall)) await push(type, chunk);
	return [...refused, ...failures()];
};

/** Events on a connection of their own. */
export type EventLine = { events: EventSink; close(): void };

/**
 * Pushes wakes as events, in bulk by type. What was pushed before Hatchet went away is pushed again by the relay: at least once.
 * gRPC waits up to two minutes before it dials again, however long Hatchet has been back; so after a failure the next push
 * dials anew, and the old connection is closed.
 */
export const createEventPush = (dial: (number: number) => EventLine, address: string) => {
	let number = 1;
	let line = dial(number);
	return {
		push: async (wakes: Wake[]): Promise<PushFailure[]> => {
			const used = line;
			try {
				return await pushWakesTo(used.events, address, wakes);
			} catch (error) {
				// Two lanes that fail on one connection need one new one.
				if (error instanceof EngineUnavailableError && used === line) {
					number += 1;
					line = dial(number);
					used.close();
				}
				throw error;
			}
		},
		close: () => line.close(),
	};
};

export const beforeWork = () =>
	new EngineUnavailableError("No workflows are registered in this process yet.", "Call work() before push().");
