import { setTimeout as sleep } from "node:timers/promises";
import { patternMatches } from "@agentplanner/contracts";
import { type Context, currentPosition, type Happened, readHappened } from "@agentplanner/core";
import { LimitExceededError } from "../errors.ts";

/*
 * Programs that wait for events by `GET …/events?wait=30`. Woken as sockets are: each word that something was stamped is followed by one
 * read for all of them, and those are woken for whom something was there; each of these reads once, by its rights.
 */

const mostEach = 10;
const mostOfProject = 100;
// However much is stamped.
const shortestPauseMs = 100;
const mostAtOnce = 1_000;
const tryAgainMs = 5_000;

type Filter = { projectId: string; planId?: string | undefined; subjectId?: string | undefined; types?: string | undefined };

export type EventWaiter = {
	/** Resolves when something may have come since it was called last, or `over`. Throws LimitExceededError where too many wait. */
	come(over: AbortSignal): Promise<void>;
	leave(): void;
};

export type EventWaiters = {
	/** From now on nothing is missed; what was there before is for the caller to read. `holder`: by whose credential. */
	enter(filter: Filter, holder: string): EventWaiter;
	wake(): void;
	stopped(): boolean;
	stop(): void;
};

type Waiter = { filter: Filter; holder: string; waits: boolean; word: PromiseWithResolvers<void> };

const wants = ({ projectId, planId, subjectId, types }: Filter, event: Happened): boolean =>
	event.projectId === projectId &&
	(planId === undefined || event.planId === planId.toLowerCase()) &&
	(subjectId === undefined || event.subjectId === subjectId.toLowerCase()) &&
	(types === undefined || types.split(",").some((pattern) => patternMatches(pattern, event.type)));

const assertRoom = (waiters: Iterable<Waiter>, { holder, filter: { projectId } }: Waiter): void => {
	const waiting = [...waiters].filter(({ waits }) => waits);
	if (waiting.filter((other) => other.holder === holder).length >= mostEach)
		throw new LimitExceededError(
			`${mostEach} calls with your credential wait for events already. Let one wait for all that you need: several types go with commas between them.`,
			tryAgainMs,
		);
	if (waiting.filter((other) => other.filter.projectId === projectId).length >= mostOfProject)
		throw new LimitExceededError(
			`${mostOfProject} calls wait for events of this project already. Ask without wait, or have events sent to you by a subscription.`,
			tryAgainMs,
		);
};

export const createEventWaiters = ({ core, onError }: { core: Context; onError: (error: unknown) => void }): EventWaiters => {
	const waiters = new Set<Waiter>();
	/** What happened up to here has been told; null: nobody knows. */
	let position: number | null = null;
	let stopped = false;
	let running = false;
	let again = false;

	const read = async () => {
		const after = position;
		const until = await currentPosition(core);
		// Whoever enters from now on sees for themselves what is there by then.
		const meant = [...waiters];
		position = until;
		if (after === until) return;
		const projectIds = [...new Set(meant.map(({ filter }) => filter.projectId))];
		// After a restore from a backup positions begin again below those that were told.
		const happened = after === null || after > until ? null : await readHappened(core, { projectIds, after, until, limit: mostAtOnce });
		const isMuch = happened === null || happened.length === mostAtOnce;
		for (const { filter, word } of meant) if (isMuch || happened.some((event) => wants(filter, event))) word.resolve();
	};

	const run = async () => {
		running = true;
		do {
			again = false;
			await read().catch((error: unknown) => {
				position = null;
				onError(error);
			});
			await sleep(shortestPauseMs);
		} while (again && !stopped);
		running = false;
	};

	return {
		enter: (asked, holder) => {
			// Ids are taken in capitals, too.
			const filter = { ...asked, projectId: asked.projectId.toLowerCase() };
			const waiter: Waiter = { filter, holder, waits: false, word: Promise.withResolvers() };
			waiters.add(waiter);
			return {
				come: async (over) => {
					if (!waiter.waits) assertRoom(waiters, waiter);
					waiter.waits = true;
					const end = () => waiter.word.resolve();
					over.addEventListener("abort", end, { once: true });
					if (over.aborted || stopped) end();
					await waiter.word.promise;
					over.removeEventListener("abort", end);
					waiter.word = Promise.withResolvers();
				},
				leave: () => void waiters.delete(waiter),
			};
		},
		wake: () => {
			again = true;
			if (!running && !stopped && waiters.size > 0) void run();
		},
		stopped: () => stopped,
		stop: () => {
			stopped = true;
			for (const { word } of waiters) word.resolve();
		},
	};
};
