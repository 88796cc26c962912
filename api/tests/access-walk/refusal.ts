import { agentScopes, leastRole, roles, type Scope } from "@agentplanner/contracts";
import type { Line } from "./line.ts";

export type Route = { method: string; path: string; successStatus: number };

const isInPlan = /\{(planId|nodeId|requestId|decisionId|deliveryId)\}/;

/** The status that this caller must get; null: success. */
export const refusal = (
	{ least, scope, byReplyToken, ofOneAgent, agentsAlone, tooSmall = 403, asksAboutPlan }: Line,
	{ method, path }: Route,
	caller: string,
): number | null => {
	const isAgents = scope !== null && (agentScopes as readonly Scope[]).includes(scope);
	switch (caller) {
		case "revoked token":
		case "expired token":
			return 401;
		case "reply token":
			return byReplyToken ? null : 401;
		case "reply token of another request":
			return 401;
		case "anonymous":
			return least === "anyone" ? null : 401;
	}
	if (agentsAlone) return /^token of (the|another) agent$/.test(caller) ? null : 403;
	switch (caller) {
		case "session without its CSRF token":
			return least === "anyone" || method === "GET" ? null : 403;
		case "token with the scope":
			return scope || least === "anyone" || least === "known" ? null : 403;
		case "viewer's token with the scope":
			return (scope && (least === "viewer" || least === "guest")) || least === "anyone" || least === "known" ? null : 403;
		case "token without the scope":
			return least === "anyone" || least === "known" ? null : 403;
		case "token of the agent":
			return isAgents || least === "anyone" || least === "known" ? null : 403;
		case "token of another agent":
			if (isAgents && (ofOneAgent || path.includes("{requestId}"))) return 404;
			return isAgents || least === "anyone" || least === "known" ? null : 403;
	}
	if (least === "anyone" || least === "account" || least === "known") return null;
	if (caller === "JWT of an owner") return null;
	if (caller === "guest" && least !== "guest")
		return scope !== null && leastRole[scope] === "guest" && (asksAboutPlan || isInPlan.test(path)) ? 404 : 403;
	const rank = (roles as readonly string[]).indexOf(caller);
	if (rank === -1) return 404;
	return rank <= roles.indexOf(least) ? null : tooSmall;
};
