import type { CreateIntegrationInput, Integration, UpdateIntegrationInput } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const adaptersQuery = () =>
	apiQueries.integrations.listAdapters.queryOptions({ input: { params: {}, ...nothing }, staleTime: Number.POSITIVE_INFINITY });

/** What adapters are called on the screen; by their ids until that is known. */
export const useAdapterLabels = (): ((adapterId: string) => string) => {
	const adapters = useQuery(adaptersQuery()).data?.items ?? [];
	return (adapterId) => adapters.find(({ id }) => id === adapterId)?.label ?? adapterId;
};

export const useAdapterLabel = (adapterId: string): string => useAdapterLabels()(adapterId);

/** A worker that dies tells nobody, so whether somebody listens is looked up now and then. */
const lookAgainMs = 15_000;

export const integrationsQuery = (projectId: string) =>
	apiQueries.integrations.listIntegrations.queryOptions({
		input: { params: { projectId }, ...nothing },
		refetchInterval: ({ state }) => (state.data?.items.some(({ listening }) => listening !== null) ? lookAgainMs : false),
	});

export const createIntegration = (projectId: string, body: CreateIntegrationInput, idempotencyKey: string) =>
	api.integrations.createIntegration({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const readIntegration = (projectId: string, integrationId: string) =>
	api.integrations.getIntegration({ params: { projectId, integrationId }, ...nothing });

export const updateIntegration = (integration: Integration, body: UpdateIntegrationInput) =>
	api.integrations.updateIntegration({
		params: { projectId: integration.project_id, integrationId: integration.id },
		query: {},
		headers: { "if-match": `"${integration.version}"` },
		body,
	});

/** `addresses`: to look at beside those of routes. */
export const testIntegration = (projectId: string, integrationId: string, addresses: string[] = []) =>
	api.integrations.testIntegration({ params: { projectId, integrationId }, ...nothing, body: { addresses } });

export const enableIntegration = (projectId: string, integrationId: string) =>
	api.integrations.enableIntegration({ params: { projectId, integrationId }, ...nothing });

export const disableIntegration = (projectId: string, integrationId: string) =>
	api.integrations.disableIntegration({ params: { projectId, integrationId }, ...nothing });
