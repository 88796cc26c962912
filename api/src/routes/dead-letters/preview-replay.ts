import { previewReplay as preview } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const previewReplay = procedure.deadLetters.previewReplay.handler(({ context, input }) =>
	preview(inProject(context, input.params), input.body.filter),
);
