import type { ImportPlanInput, PlanDocument } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readDocument } from "./read-document.ts";

/** What `importPlan` would make. Throws ForbiddenError below editor, and UnprocessableError for what can't be read. */
export const previewImport = async (ctx: ProjectContext, input: ImportPlanInput): Promise<PlanDocument> => {
	await authorize(ctx, "plans:write");
	return readDocument(input);
};
