import { removeDependency as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const removeDependency = procedure.dependencies.removeDependency.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.dependencyId);
	return {};
});
