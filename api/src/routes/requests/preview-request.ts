import { previewRequest as preview } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const previewRequest = procedure.requests.previewRequest.handler(({ context, input }) =>
	preview(inProject(context, input.params), input.body),
);
