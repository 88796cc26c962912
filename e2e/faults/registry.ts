import { bodyFaults } from "./cases/a-bodies.ts";
import { connectionFaults } from "./cases/a-connections.ts";
import { retryFaults } from "./cases/a-retries.ts";
import { statusFaults } from "./cases/a-statuses.ts";
import { addressFaults } from "./cases/b-addresses.ts";
import { clockFaults } from "./cases/c-clocks.ts";
import { databaseFaults } from "./cases/c-database.ts";
import { hatchetFaults } from "./cases/c-hatchet.ts";
import { processFaults } from "./cases/c-processes.ts";
import { inputFaults } from "./cases/d-input.ts";
import { isolationFaults } from "./cases/e-isolation.ts";
import { neighbourFaults } from "./cases/e-neighbours.ts";
import { bulkReplayFaults } from "./cases/f-bulk-replay.ts";
import { replayFaults } from "./cases/f-replay.ts";
import { signatureFaults } from "./cases/g-signatures.ts";
import { peopleAndPlatformFaults } from "./cases/h-people.ts";
import { visibilityFaults } from "./cases/i-visibility.ts";
import type { FaultCase, FaultGroup } from "./fault-case.ts";

const numberOf = ({ id }: FaultCase): number => Number(id.slice(1));

const group = (letter: string, title: string, cases: readonly FaultCase[], { onBothEngines = false } = {}): FaultGroup => ({
	letter,
	title,
	onBothEngines,
	cases: cases.toSorted((one, other) => numberOf(one) - numberOf(other)),
});

export const groups: readonly FaultGroup[] = [
	group("A", "The receiver misbehaves", [...retryFaults, ...bodyFaults, ...connectionFaults, ...statusFaults]),
	group("B", "An address leads where it must not", addressFaults),
	group("C", "Processes die, freeze or lose their database", [...processFaults, ...databaseFaults, ...hatchetFaults, ...clockFaults], {
		onBothEngines: true,
	}),
	group("D", "What comes in is doubled, poisoned or too much", inputFaults),
	group("E", "Neighbours", [...isolationFaults, ...neighbourFaults]),
	group("F", "Giving up and sending again", [...replayFaults, ...bulkReplayFaults]),
	group("G", "Signatures and secrets", signatureFaults),
	group("H", "People and platforms", peopleAndPlatformFaults),
	group("I", "Nothing is silent", visibilityFaults),
];

export const allCases: readonly FaultCase[] = groups.flatMap(({ cases }) => cases);
