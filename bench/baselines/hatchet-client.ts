import { HatchetClient } from "@hatchet-dev/typescript-sdk";

/** The event that starts a run. */
export const asked = "bench.asked";

/** Where Hatchet is, the client reads from the environment. */
export const connectHatchet = (): HatchetClient => HatchetClient.init();
