import { hatchetOfTheRun } from "./support/engine-under-test.ts";
import { workerKilled } from "./worker-killed.ts";

workerKilled(hatchetOfTheRun());
