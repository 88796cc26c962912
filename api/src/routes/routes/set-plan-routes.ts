import { parseIfMatchDigest, setRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setPlanRoutes = procedure.routes.setPlanRoutes.handler(async ({ context, input }) => {
	const expected = parseIfMatchDigest(input.headers["if-match"]);
	const routes = await setRoutes(inProject(context, input.params), { planId: input.params.planId }, input.body, expected);
	context.reply.version(routes.version);
	return routes;
});
