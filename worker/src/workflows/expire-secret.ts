import { expirePreviousSecret } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** After a change of an integration's secret, the one before stops to sign. */
export const expireSecret = (house: House) =>
	workflow({
		name: "expire-secret",
		on: ["integration.secret.expiry.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) =>
			expirePreviousSecret(runContext(house, input, run.metadata, "expire-secret"), input.subjectId, house.connections.adapterOf),
	});
