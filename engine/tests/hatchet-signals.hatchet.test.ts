import { expect, test } from "vitest";
import { useHarness } from "./harness.ts";
import { hatchetConformance } from "./hatchet-conformance.ts";
import { ownType } from "./observations.ts";

const { start, traced } = useHarness(hatchetConformance());

test("the SDK's signal handlers are taken off: whoever started the engine stops it", async () => {
	const counts = () => ["SIGTERM", "SIGINT"].map((signal) => process.listenerCount(signal));
	const before = counts();
	await start([traced("any", { on: [ownType()] })]);
	expect(counts()).toEqual(before);
});
