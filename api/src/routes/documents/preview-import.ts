import { previewImport as preview } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const previewImport = procedure.documents.previewImport.handler(({ context, input }) =>
	preview(inProject(context, input.params), input.body),
);
