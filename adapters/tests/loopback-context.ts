import type { AdapterContext } from "@agentplanner/contracts";
import { createGuardedConnect } from "../src/guarded-connect.ts";
import { createGuardedFetch } from "../src/guarded-fetch.ts";

const allowedNetworks = ["127.0.0.1/32"];
const fetch = createGuardedFetch({ allowedNetworks });
const connect = createGuardedConnect({ allowedNetworks });

/** What an adapter is opened with: the guarded ways out, which lead to this machine alone. */
export const loopbackContext = (warn: AdapterContext["log"]["warn"] = () => {}): AdapterContext => ({
	...{ fetch, connect },
	log: { info() {}, warn },
	now: () => new Date(),
});
