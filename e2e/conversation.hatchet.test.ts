import { conversation } from "./conversation.ts";
import { hatchetOfTheRun } from "./support/engine-under-test.ts";

conversation(hatchetOfTheRun());
