import type { Engine } from "./engine.ts";
import type { RunLog } from "./workflow.ts";
export type HatchetEngineOptions = { token: string; log: RunLog };
export const createHatchetEngine = (_options: HatchetEngineOptions): Engine => {
	throw new Error("todo");
};
