import type { WakeInput } from "../workflow.ts";
import { refuseInput } from "./refuse-input.ts";

/** Inputs of spawned children under `<parent's wake id>/<row id>`; each row once. Throws if an engine would refuse one. */
export const childInputs = (parentWakeId: string, inputs: Omit<WakeInput, "wakeId">[]): WakeInput[] => {
	const byWakeId = new Map<string, WakeInput>();
	for (const input of inputs) {
		const child = { ...input, wakeId: `${parentWakeId}/${input.subjectId}` };
		const refusal = refuseInput(child);
		if (refusal) throw refusal;
		byWakeId.set(child.wakeId, child);
	}
	return [...byWakeId.values()];
};
