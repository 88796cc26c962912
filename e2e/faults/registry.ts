import { receiverFaults } from "./cases/a-receiver.ts";
import { addressFaults } from "./cases/b-addresses.ts";
import type { FaultCase, FaultGroup } from "./fault-case.ts";

export const groups: readonly FaultGroup[] = [
	{ letter: "A", title: "The receiver misbehaves", onBothEngines: false, cases: receiverFaults },
	{ letter: "B", title: "An address leads where it must not", onBothEngines: false, cases: addressFaults },
];

export const allCases: readonly FaultCase[] = groups.flatMap(({ cases }) => cases);
