import { adapterById, createGuardedFetch, type GuardedFetchClient } from "@agentplanner/adapters";
import type { Adapter, Connection } from "@agentplanner/contracts";
import { openIntegration, type ProjectContext } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

export type OpenConnection = { adapter: Adapter; connection: Connection };

export type Connections = {
	/** The integration's adapter, opened with its settings and secrets. Throws if either can't be read. */
	open(ctx: ProjectContext, integrationId: string): Promise<OpenConnection>;
	close(): Promise<void>;
};

/** Opens integrations for one use each; what is shared between them is the HTTP client of an allow-list. */
export const createConnections = (log: Logger): Connections => {
	const clients = new Map<string, GuardedFetchClient>();
	const clientFor = (allowedNetworks: string[]) => {
		const key = allowedNetworks.toSorted().join(",");
		const client = clients.get(key) ?? createGuardedFetch({ allowedNetworks });
		clients.set(key, client);
		return client;
	};
	return {
		open: async (ctx, integrationId) => {
			const { adapter: adapterId, settings, secrets, allowedNetworks } = await openIntegration(ctx, integrationId);
			const adapter = adapterById(adapterId);
			if (!adapter) throw new Error(`This build has no adapter named ${adapterId}.`);
			const connection = await adapter.open(
				{ settings: adapter.settings.parse(settings), secrets: adapter.secrets.parse(secrets) },
				{ fetch: clientFor(allowedNetworks), log: log.child({ adapter: adapterId, integrationId }), now: () => new Date() },
			);
			return { adapter, connection };
		},
		close: async () => {
			await Promise.all([...clients.values()].map((client) => client.close()));
		},
	};
};
