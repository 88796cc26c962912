import { apiContract } from "@agentplanner/contracts";
import { UnauthorizedError } from "@agentplanner/core";
import { implement } from "@orpc/server";
import type { RouteContext } from "./context.ts";

/** Whom nobody has to be: everything else needs a caller who is known. */
export const openEndpoints: ReadonlySet<string> = new Set([
	"auth.register",
	"auth.login",
	"auth.createAccessToken",
	"auth.getMethods",
	"members.previewInvitation",
	"sharing.readPublicPlan",
]);

/**
 * Every endpoint of the contract, to be given its handler. Whoever is nobody gets a 401 before the input is looked at, so that
 * a new endpoint is closed until it is named above.
 */
export const procedure = implement(apiContract)
	.$context<RouteContext>()
	.use(({ context, path, next }) => {
		if (context.core.actor.type === "anonymous" && !openEndpoints.has(path.join(".")))
			throw new UnauthorizedError("Sign in first: POST /api/v1/auth/login, or open AgentPlanner in a browser.");
		return next();
	});
