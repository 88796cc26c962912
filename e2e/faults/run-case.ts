import type { OwnHatchet } from "../support/breakable-hatchet.ts";
import type { EngineUnderTest } from "../support/engine-under-test.ts";
import type { FaultCase, Ground, RunnableCase } from "./fault-case.ts";
import { type House, openHouse } from "./house.ts";

export type Result = { id: string; passed: boolean; seen: string; figures: string[] };

export type SharedGround = AsyncDisposable &
	Pick<Ground, "engine" | "hatchet" | "patience" | "house"> & { opened(): Promise<House> | null };

/** What the cases of one run share. */
export const shareGround = (engine: EngineUnderTest, more: { hatchet?: OwnHatchet | null; patience?: number } = {}): SharedGround => {
	let opening: Promise<House> | null = null;
	return {
		engine,
		hatchet: more.hatchet ?? null,
		patience: more.patience ?? 1,
		house: () => {
			opening ??= openHouse(engine).catch((error: unknown) => {
				// The next case tries again.
				opening = null;
				throw error;
			});
			return opening;
		},
		opened: () => opening,
		[Symbol.asyncDispose]: async () => {
			const house = await opening?.catch(() => null);
			await house?.[Symbol.asyncDispose]();
		},
	};
};

export const isRunnable = (one: FaultCase): one is RunnableCase => "run" in one;

export const runsOn = (one: FaultCase, engine: EngineUnderTest["name"]): one is RunnableCase =>
	isRunnable(one) && (one.onlyOn ?? engine) === engine;

const said = (error: unknown): string => {
	// What went wrong first says more than what that left behind.
	if (error instanceof SuppressedError) return said(error.suppressed);
	const { message } = error instanceof Error ? error : new Error(String(error));
	const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
	return `${message}${cause}`.replace(/\s+/g, " ").slice(0, 600);
};

/** Runs one case; a case that fails is a result, too. */
export const runCase = async (one: RunnableCase, shared: SharedGround): Promise<Result> => {
	const figures: string[] = [];
	const tryIt = async (): Promise<Pick<Result, "passed" | "seen">> => {
		try {
			await using own = new AsyncDisposableStack();
			const { engine, hatchet, patience, house } = shared;
			const seen = await one.run({ engine, hatchet, patience, house, own, measured: (figure) => void figures.push(figure) });
			return { passed: true, seen };
		} catch (error) {
			return { passed: false, seen: said(error) };
		}
	};
	const result = await tryIt();
	await (await shared.opened()?.catch(() => null))?.tidy();
	return { id: one.id, figures, ...result };
};
