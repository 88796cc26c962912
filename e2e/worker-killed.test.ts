import { postgres } from "./support/engine-under-test.ts";
import { workerKilled } from "./worker-killed.ts";

workerKilled(postgres);
