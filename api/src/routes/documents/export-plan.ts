import { exportPlan as exportTo } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const exportPlan = procedure.documents.exportPlan.handler(async ({ context, input }) => {
	const { fileName, content } = await exportTo(inProject(context, input.params), input.params.planId, input.query.format);
	if (content.format === "markdown") return new File([content.text], fileName, { type: "text/markdown" });
	context.reply.fileName(fileName);
	return content.document;
});
