import { receiverFaults } from "./cases/a-receiver.ts";
import { addressFaults } from "./cases/b-addresses.ts";
import { killFaults } from "./cases/c-kills.ts";
import { inputFaults } from "./cases/d-input.ts";
import { neighbourFaults } from "./cases/e-neighbours.ts";
import { replayFaults } from "./cases/f-replay.ts";
import { signatureFaults } from "./cases/g-signatures.ts";
import { peopleAndPlatformFaults } from "./cases/h-people.ts";
import { visibilityFaults } from "./cases/i-visibility.ts";
import type { FaultCase, FaultGroup } from "./fault-case.ts";

export const groups: readonly FaultGroup[] = [
	{ letter: "A", title: "The receiver misbehaves", onBothEngines: false, cases: receiverFaults },
	{ letter: "B", title: "An address leads where it must not", onBothEngines: false, cases: addressFaults },
	{ letter: "C", title: "Processes die, freeze or lose their database", onBothEngines: true, cases: killFaults },
	{ letter: "D", title: "What comes in is doubled, poisoned or too much", onBothEngines: false, cases: inputFaults },
	{ letter: "E", title: "Neighbours", onBothEngines: false, cases: neighbourFaults },
	{ letter: "F", title: "Giving up and sending again", onBothEngines: false, cases: replayFaults },
	{ letter: "G", title: "Signatures and secrets", onBothEngines: false, cases: signatureFaults },
	{ letter: "H", title: "People and platforms", onBothEngines: false, cases: peopleAndPlatformFaults },
	{ letter: "I", title: "Nothing is silent", onBothEngines: false, cases: visibilityFaults },
];

export const allCases: readonly FaultCase[] = groups.flatMap(({ cases }) => cases);
