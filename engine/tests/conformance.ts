import { eventConformance } from "./conformance/events.ts";
import { failureConformance } from "./conformance/failures.ts";
import { stepConformance } from "./conformance/steps-and-children.ts";
import { workingConformance } from "./conformance/working.ts";
import type { ConformanceOptions } from "./harness.ts";

/** What every engine must do; run on each of them. Crontab lines stand apart, since their test has to wait for a minute. */
export const conformance = (name: string, options: ConformanceOptions) => {
	for (const suite of [eventConformance, failureConformance, stepConformance, workingConformance]) suite(name, options);
};
