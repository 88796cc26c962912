import type { AttemptRow } from "./evidence.ts";

export type Kill = { service: string; at: number };

/** An attempt ends within that time, so one that began earlier was not lost by that kill. */
const attemptMs = 2_000;
/** Around a worker's kill: another one of something that its messages need costs time of its own. */
const disturbance = { before: 3_000, after: 6_000 };
const notNeeded = "api";
/** From here on a message that was lost again and again waits by the schedule, so that it doesn't end worker after worker. */
const lossesAtOnce = 2;

export type Recovery = { ms: number; undisturbed: boolean };

/** How long after a worker's kill what it was sending began to be sent again. */
export const recoveriesOf = (kills: readonly Kill[], attempts: Map<string, AttemptRow[]>): Recovery[] => {
	const recoveries: Recovery[] = [];
	for (const rows of attempts.values())
		for (const [index, { outcome, started }] of rows.entries()) {
			const next = rows[index + 1];
			const kill = kills.find(({ service, at }) => service === "worker" && at >= started && at <= started + attemptMs);
			const lostAgain = rows.slice(Math.max(0, index - lossesAtOnce), index).filter((before) => before.outcome === "lost").length;
			if (outcome !== "lost" || lostAgain === lossesAtOnce || !next || !kill) continue;
			const undisturbed = !kills.some(
				(other) =>
					other !== kill &&
					other.service !== notNeeded &&
					other.at > kill.at - disturbance.before &&
					other.at < kill.at + disturbance.after,
			);
			recoveries.push({ ms: next.started - kill.at, undisturbed });
		}
	return recoveries;
};
