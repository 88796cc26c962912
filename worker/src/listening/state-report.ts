import type { Logger } from "../logger.ts";

/** A line that is mended sooner is no news. */
const newsAfterMs = 3_000;

export type StateReport = {
	/** What the adapter says: the line is up (null), or what is wrong with it. */
	report(problem: string | null): void;
	/** Writes what isn't written yet; called again and again, since the database may be away. */
	flush(): void;
	/** Nothing is being written any more. */
	settled(): Promise<void>;
};

/** Passes on how the line stands: that it is up at once, a problem only when it lasts, and never faster than it can be written. */
export const createStateReport = (write: (problem: string | null) => Promise<void>, log: Logger): StateReport => {
	let said: { problem: string | null; at: number } | null = null;
	let written: { problem: string | null } | null = null;
	let writing: Promise<void> | null = null;

	const flush = () => {
		if (!said || (written && written.problem === said.problem)) return;
		if (said.problem !== null && performance.now() - said.at < newsAfterMs) return;
		const { problem } = said;
		writing ??= write(problem)
			.then(() => {
				written = { problem };
			})
			.catch((error: unknown) => log.warn({ err: error }, "state of a listener not written yet"))
			.finally(() => {
				writing = null;
			});
	};
	return {
		report: (problem) => {
			const goesOn = problem !== null && said !== null && said.problem !== null;
			said = { problem, at: goesOn && said ? said.at : performance.now() };
			if (problem === null) flush();
		},
		flush,
		settled: async () => {
			said = null;
			await writing;
		},
	};
};
