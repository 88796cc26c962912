import { createProject as create, requireUser, withIdempotency } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const createProject = procedure.projects.createProject.handler(({ context, input }) =>
	withIdempotency(
		context.core,
		{ key: input.headers["idempotency-key"] ?? null, operation: "projects.createProject", input: input.body, authorize: requireUser },
		(ctx) => create(ctx, input.body),
	),
);
