import { metricsType, NotFoundError, readMetrics, safeEqual, UnauthorizedError } from "@agentplanner/core";
import { type Middleware, stateOf } from "./request-state.ts";

/** How the installation does, for Prometheus: for whoever shows the token, and for nobody where none is set. */
export const metrics =
	(token: string | null): Middleware =>
	async (request, response) => {
		if (token === null) throw new NotFoundError("page");
		if (!safeEqual(request.get("authorization") ?? "", `Bearer ${token}`))
			throw new UnauthorizedError("Metrics are for whoever shows the token in METRICS_TOKEN: `Authorization: Bearer …`.");
		response.set({ "Cache-Control": "no-store", "Content-Type": metricsType }).send(await readMetrics(stateOf(request).core));
	};
