import type { ProjectContext } from "../context.ts";
import { ForbiddenError, NotFoundError, UnauthorizedError } from "../errors.ts";

/** The agent whose own token is used, for what is about itself; whatever the token's scopes are. Throws 401, 403 or 404 for everybody else. */
export const authorizeAgent = ({ actor, projectId }: ProjectContext): string => {
	if (actor.type === "anonymous") throw new UnauthorizedError("Sign in first.");
	if (actor.type !== "token" || actor.agentId === null) throw new ForbiddenError("This is for an agent with a token of its own.");
	if (actor.projectId !== projectId.toLowerCase()) throw new NotFoundError("project");
	return actor.agentId;
};
