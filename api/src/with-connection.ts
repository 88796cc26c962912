import type { Connection } from "@agentplanner/contracts";
import type { UnsealedIntegration } from "@agentplanner/core";
import { findAdapter } from "./find-adapter.ts";
import type { Logger } from "./logger.ts";

/** Opens a channel as it is set up now, for one use. Throws what its adapter throws. */
export const withConnection = async <T>(
	{ id, adapter: adapterId, settings, secrets, allowedNetworks }: UnsealedIntegration,
	log: Logger,
	use: (connection: Connection) => Promise<T>,
): Promise<T> => {
	// The api dials for a check, which is rare: until then it does without the HTTP client.
	const { createGuardedConnect, createGuardedFetch } = await import("@agentplanner/adapters/guarded");
	const fetch = createGuardedFetch({ allowedNetworks });
	const connect = createGuardedConnect({ allowedNetworks });
	const context = { fetch, connect, log: log.child({ integrationId: id, adapter: adapterId }), now: () => new Date() };
	try {
		const connection = await findAdapter(adapterId).open({ settings, secrets }, context);
		try {
			return await use(connection);
		} finally {
			await connection.close();
		}
	} finally {
		await fetch.close();
	}
};
