import type { DocumentFormat, ImportPlanInput } from "@agentplanner/contracts";
import { queryOptions } from "@tanstack/react-query";
import { api, apiQueries } from "../lib/api-client.ts";

/** Where a browser gets the plan as a file. */
export const exportUrl = (projectId: string, planId: string, format: DocumentFormat): string =>
	`/api/v1/projects/${projectId}/plans/${planId}/export?format=${format}`;

/** The text of that file. */
export const readExport = async (projectId: string, planId: string, format: DocumentFormat): Promise<string> => {
	const file = await api.documents.exportPlan({ params: { projectId, planId }, query: { format }, headers: {} });
	return file instanceof Blob ? file.text() : JSON.stringify(file, null, 2);
};

/** What a file would become; read anew for each, and not kept. */
export const importPreviewQuery = (projectId: string, body: ImportPlanInput) =>
	queryOptions({
		...apiQueries.documents.previewImport.queryOptions({ input: { params: { projectId }, query: {}, headers: {}, body } }),
		retry: false,
		staleTime: Number.POSITIVE_INFINITY,
		gcTime: 0,
	});

export const importPlan = (projectId: string, body: ImportPlanInput, idempotencyKey: string) =>
	api.documents.importPlan({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });
