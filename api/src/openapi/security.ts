import type { OpenAPI } from "@orpc/openapi";
import { openEndpoints } from "../procedure.ts";

/** What belongs to a project, but for its settings, members, tokens, audit log and health, and for breaking claims: those need a person. */
const byApiToken =
	/^(get \/(adapters|event-types)|\w+ \/projects\/\{projectId\}\/(?!(members|invitations|tokens|audit|health|select|claims\/\{claimId\}\/break)).*|get \/projects\/\{projectId\})$/;
/** Of what belongs to a plan: who sees it, and whether it is deleted. */
const byPeopleAlone = /^(plans\.(delete|restore)Plan|sharing\.(?!listCollaborators).*)$/;
/** What an agent does about itself. */
const byAgentAlone = /\/agents\/me(\/|$)/;
const byReplyToken = /\/requests\/\{requestId\}\/(responses|acknowledge|progress)$/;

export const securityOf = (operationId: string, method: string, path: string): OpenAPI.SecurityRequirementObject[] => {
	if (openEndpoints.has(operationId)) return [];
	const token = [{ apiKey: [] }, { apiToken: [] }];
	if (byAgentAlone.test(path)) return token;
	const session = method === "get" ? { session: [] } : { session: [], csrf: [] };
	return [
		session,
		{ accessToken: [] },
		...(byApiToken.test(`${method} ${path}`) && !byPeopleAlone.test(operationId) ? token : []),
		...(byReplyToken.test(path) ? [{ replyToken: [] }] : []),
	];
};

export const securitySchemes = (cookieName: string): Record<string, OpenAPI.SecuritySchemeObject> => ({
	session: { type: "apiKey", in: "cookie", name: cookieName, description: "Set by sign-in and sign-up" },
	csrf: {
		type: "apiKey",
		in: "header",
		name: "x-csrf-token",
		description: "`csrf_token` of the session, with every request that changes something",
	},
	accessToken: {
		type: "http",
		scheme: "bearer",
		bearerFormat: "JWT",
		description: "From `POST /auth/token`; 15 minutes, and no longer than its session",
	},
	apiKey: {
		type: "apiKey",
		in: "header",
		name: "x-api-key",
		description: "An API token of the project, with the scope that the call needs",
	},
	apiToken: { type: "http", scheme: "bearer", description: "The same API token as a bearer token" },
	replyToken: {
		type: "http",
		scheme: "bearer",
		description: "The token that came with the request to the agent; good for that request alone",
	},
});
