import { parseIfMatch, updateProject as update } from "@agentplanner/core";
import { checkNetworks } from "../../check-networks.ts";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateProject = procedure.projects.updateProject.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	checkNetworks(input.body.allowed_networks ?? []);
	const project = await update(inProject(context, input.params), input.body, expected);
	context.reply.version(project.version);
	return project;
});
