import { createGuardedConnect, createGuardedFetch, type GuardedFetchClient } from "@agentplanner/adapters/guarded";
import type { Adapter, Connection, GuardedConnect } from "@agentplanner/contracts";
import type { UnsealedIntegration } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

export type OpenConnection = { adapter: Adapter; connection: Connection };

export type Connections = {
	/** The integration's adapter, opened with its settings and secrets. Throws if either can't be read. */
	open(integration: UnsealedIntegration): Promise<OpenConnection>;
	/** Null for one that this build doesn't have. */
	adapterOf(id: string): Adapter | null;
	close(): Promise<void>;
};

/** Opens integrations for one use each; what is shared between them is the way out that an allow-list leaves. */
export const createConnections = (log: Logger, adapters: readonly Adapter[]): Connections => {
	const waysOut = new Map<string, { fetch: GuardedFetchClient; connect: GuardedConnect }>();
	const wayOutBy = (allowedNetworks: string[]) => {
		const key = allowedNetworks.toSorted().join(",");
		const known = waysOut.get(key);
		if (known) return known;
		const made = { fetch: createGuardedFetch({ allowedNetworks }), connect: createGuardedConnect({ allowedNetworks }) };
		waysOut.set(key, made);
		return made;
	};
	const adapterOf = (id: string) => adapters.find((adapter) => adapter.id === id) ?? null;
	return {
		adapterOf,
		open: async ({ id: integrationId, adapter: adapterId, settings, secrets, allowedNetworks }) => {
			const adapter = adapterOf(adapterId);
			if (!adapter) throw new Error(`This build has no adapter named ${adapterId}.`);
			const connection = await adapter.open(
				{ settings: adapter.settings.parse(settings), secrets: adapter.secrets.parse(secrets) },
				{
					...wayOutBy(allowedNetworks),
					log: log.child({ adapter: adapterId, integrationId }),
					now: () => new Date(),
				},
			);
			return { adapter, connection };
		},
		close: async () => {
			await Promise.all([...waysOut.values()].map(({ fetch }) => fetch.close()));
		},
	};
};

/** Closes a connection; what an adapter does wrong in that can't undo what was sent, nor hold it up. */
export const letGo = ({ adapter, connection }: OpenConnection, log: Logger): void => {
	void connection.close().catch((error: unknown) => log.error({ err: error, adapter: adapter.id }, "adapter can't close its connection"));
};
