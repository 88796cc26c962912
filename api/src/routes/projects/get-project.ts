import { getProject as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProject = procedure.projects.getProject.handler(async ({ context, input }) => {
	const project = await get(inProject(context, input.params));
	context.reply.version(project.version);
	return project;
});
