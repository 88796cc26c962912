import { conversation } from "./conversation.ts";
import { postgres } from "./support/engine-under-test.ts";

conversation(postgres);
