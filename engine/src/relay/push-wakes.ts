import { type Engine, EngineUnavailableError } from "../engine.ts";
import type { Wake } from "../workflow.ts";

// A push that takes longer counts as lost; what it still does is a repeat of the next one, under the same wake ids.
const pushTimeoutMs = 15_000;

const pushInTime = async (engine: Engine, wakes: Wake[]) => {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() =>
				reject(new EngineUnavailableError(`The engine took longer than ${pushTimeoutMs} ms to take wakes.`, "See the engine's own log.")),
			pushTimeoutMs,
		);
	});
	try {
		return await Promise.race([engine.push(wakes), late]);
	} finally {
		clearTimeout(timer);
	}
};

/**
 * Pushes and answers with the reason for each wake that the engine refused, by wake id. An error that isn't the engine's
 * absence is looked for wake by wake, so that one poisonous wake can't hold up the rest.
 */
export const pushWakes = async (engine: Engine, wakes: Wake[]): Promise<Map<string, string>> => {
	if (wakes.length === 0) return new Map();
	try {
		const failures = await pushInTime(engine, wakes);
		return new Map(failures.map(({ wakeId, error }) => [wakeId, error.message]));
	} catch (error) {
		if (error instanceof EngineUnavailableError) throw error;
		const [only] = wakes;
		if (only && wakes.length === 1) return new Map([[only.input.wakeId, error instanceof Error ? error.message : String(error)]]);
		const refused = new Map<string, string>();
		for (const wake of wakes) for (const [wakeId, reason] of await pushWakes(engine, [wake])) refused.set(wakeId, reason);
		return refused;
	}
};
