import { requireUser, UnprocessableError } from "@agentplanner/core";
import { createLinkGrant } from "../../github/link-grant.ts";
import { githubPath } from "../../github/sign-in-with-github.ts";
import { procedure } from "../../procedure.ts";

export const startLinking = procedure.auth.startLinking.handler(({ context: { core, config } }) => {
	const { sessionId } = requireUser(core);
	if (!config.github) throw new UnprocessableError("GitHub is not set up here. Whoever runs this installation can set GITHUB_CLIENT_ID.");
	return { url: `${githubPath}?${new URLSearchParams({ link: createLinkGrant(core.keys, sessionId) })}` };
});
