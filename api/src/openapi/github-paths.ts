import type { OpenAPI } from "@orpc/openapi";

const text = (name: string, description: string): OpenAPI.ParameterObject => ({
	name,
	in: "query",
	description,
	schema: { type: "string" },
});

const operation = (
	operationId: string,
	summary: string,
	leadsTo: string,
	parameters: OpenAPI.ParameterObject[],
): OpenAPI.OperationObject => ({
	operationId,
	summary,
	description: "For browsers, which follow it. Only where signing in with GitHub is set up; `GET /auth/methods` says whether.",
	tags: ["auth"],
	security: [],
	parameters,
	responses: {
		302: { description: leadsTo, headers: { Location: { required: true, schema: { type: "string" } } } },
		400: { $ref: "#/components/responses/InvalidInput" },
		404: { $ref: "#/components/responses/NotFound" },
	},
});

/** What isn't in the contract, since it answers with no JSON: the way to GitHub and back. */
export const githubPaths: Record<string, { get: OpenAPI.OperationObject }> = {
	"/auth/github": {
		get: operation("auth.signInWithGithub", "Go to GitHub to sign in, or to link an account", "To GitHub", [
			text("return", "The page to come back to: a path of this site"),
			text("link", "From `POST /auth/linked-accounts/github`: links the account to that session instead of signing in"),
		]),
	},
	"/auth/github/callback": {
		get: operation(
			"auth.returnFromGithub",
			"Come back from GitHub",
			"To the page that was asked for, signed in; or to one that says why not, as `problem`",
			[
				text("code", "GitHub's, good for one sign-in"),
				text("state", "As this browser was given it on its way there"),
				text("error", "GitHub's, in place of the code"),
			],
		),
	},
};
