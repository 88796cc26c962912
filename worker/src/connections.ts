import { createGuardedConnect, createGuardedFetch, type GuardedFetchClient } from "@agentplanner/adapters/guarded";
import type { Adapter, Connection } from "@agentplanner/contracts";
import type { UnsealedIntegration } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

export type OpenConnection = { adapter: Adapter; connection: Connection };

export type Connections = {
	/** The integration's adapter, opened with its settings and secrets. Throws if either can't be read. */
	open(integration: UnsealedIntegration): Promise<OpenConnection>;
	close(): Promise<void>;
};

/** Opens integrations for one use each; what is shared between them is the HTTP client of an allow-list. */
export const createConnections = (log: Logger, adapters: readonly Adapter[]): Connections => {
	const clients = new Map<string, GuardedFetchClient>();
	const clientFor = (allowedNetworks: string[]) => {
		const key = allowedNetworks.toSorted().join(",");
		const client = clients.get(key) ?? createGuardedFetch({ allowedNetworks });
		clients.set(key, client);
		return client;
	};
	return {
		open: async ({ id: integrationId, adapter: adapterId, settings, secrets, allowedNetworks }) => {
			const adapter = adapters.find(({ id }) => id === adapterId);
			if (!adapter) throw new Error(`This build has no adapter named ${adapterId}.`);
			const connection = await adapter.open(
				{ settings: adapter.settings.parse(settings), secrets: adapter.secrets.parse(secrets) },
				{
					fetch: clientFor(allowedNetworks),
					connect: createGuardedConnect({ allowedNetworks }),
					log: log.child({ adapter: adapterId, integrationId }),
					now: () => new Date(),
				},
			);
			return { adapter, connection };
		},
		close: async () => {
			await Promise.all([...clients.values()].map((client) => client.close()));
		},
	};
};

/** Closes a connection; what an adapter does wrong in that can't undo what was sent, nor hold it up. */
export const letGo = ({ adapter, connection }: OpenConnection, log: Logger): void => {
	void connection.close().catch((error: unknown) => log.error({ err: error, adapter: adapter.id }, "adapter can't close its connection"));
};
