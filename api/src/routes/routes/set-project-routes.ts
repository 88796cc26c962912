import { parseIfMatchDigest, setRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setProjectRoutes = procedure.routes.setProjectRoutes.handler(async ({ context, input }) => {
	const expected = parseIfMatchDigest(input.headers["if-match"]);
	const routes = await setRoutes(inProject(context, input.params), "project", input.body, expected);
	context.reply.version(routes.version);
	return routes;
});
