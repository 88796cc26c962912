import { setTimeout as sleep } from "node:timers/promises";
import { type AdapterContext, AdapterError, type Listening } from "@agentplanner/contracts";
import { type Handle, type Line, openLine } from "./line.ts";

/** Slack sends each word through one of them, so that while one is replaced nothing waits. */
const places = 2;
/** A line that lived longer may be replaced at once. */
const settledMs = 10_000;
const longestPauseMs = 30_000;

type Options = {
	/** Asks Slack for the address of a new line. */
	requestLine: (signal: AbortSignal) => Promise<string>;
	appId: string;
	context: AdapterContext;
	handle: Handle;
	listening: Pick<Listening, "report">;
	signal: AbortSignal;
};

/**
 * Hears Slack through two lines until `signal` aborts. A line that Slack wants replaced is left when the next one is up; one that broke is
 * made anew. Throws AdapterError when none is left and the next can't be made, or when no next one would be any better.
 */
export const listenToSlack = async ({ requestLine, appId, context, handle, listening, signal }: Options): Promise<void> => {
	const ending = new AbortController();
	const until = AbortSignal.any([signal, ending.signal]);
	const up = new Set<Line>();
	let failure: unknown = null;

	const open = async (): Promise<Line> => {
		const url = await requestLine(until);
		const line = await openLine({ url, appId, context, handle, signal: until });
		up.add(line);
		if (up.size === 1) listening.report(null);
		void line.gone.then(() => {
			up.delete(line);
			if (up.size === 0 && !until.aborted) listening.report("The connection to Slack broke; it is being made anew.");
		});
		return line;
	};

	/** As long as another line hears, this one can wait. */
	const openInTime = async (): Promise<Line> => {
		for (let failures = 0; ; failures += 1) {
			try {
				return await open();
			} catch (error) {
				if (until.aborted || up.size === 0 || !(error instanceof AdapterError) || error.kind === "unauthorized") throw error;
				context.log.warn({ detail: error.message }, "one of two connections to Slack is missing");
				await pause(error.retryAfterMs ?? backoffMs(failures), until);
			}
		}
	};

	const keep = async (): Promise<void> => {
		let old: Line | null = null;
		let shortLives = 0;
		while (!until.aborted) {
			const line: Line = await openInTime();
			old?.leave();
			const born = performance.now();
			await line.ended;
			old = up.has(line) ? line : null;
			shortLives = performance.now() - born < settledMs ? shortLives + 1 : 0;
			if (shortLives > 1) await pause(backoffMs(shortLives - 2), until);
		}
	};

	const keepOrEnd = () =>
		keep().catch((error: unknown) => {
			if (!until.aborted) failure = error;
			ending.abort();
		});
	await Promise.all(Array.from({ length: places }, keepOrEnd));
	if (failure) throw failure;
};

const backoffMs = (failures: number): number => Math.min(1_000 * 2 ** failures, longestPauseMs);

/** Ends early, without a word, when nobody listens any more. */
const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => {});
