import { type Middleware, stateOf } from "./request-state.ts";

const projectInPath = /^\/api\/v1\/projects\/([0-9a-f-]{36})(?:\/|$)/;

const probes = new Set(["/health", "/ready"]);

/** One line per request, once it has been answered or its caller went away. The query is left out: it may hold what isn't ours to keep. */
export const logRequest: Middleware = (request, response, next) => {
	const startedAt = performance.now();
	const path = request.path;
	response.once("close", () => {
		const { log, core } = stateOf(request);
		// Probes come every few seconds and say nothing while all is well.
		const level = probes.has(path) && response.statusCode < 400 ? "debug" : "info";
		log[level](
			{
				method: request.method,
				path,
				status: response.statusCode,
				durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
				projectId: projectInPath.exec(path)?.[1],
				...(core.actor.type === "user" ? { userId: core.actor.userId } : {}),
				...(core.actor.type === "token" ? { tokenId: core.actor.tokenId } : {}),
				...(response.writableFinished ? {} : { aborted: true }),
			},
			"request",
		);
	});
	next();
};
