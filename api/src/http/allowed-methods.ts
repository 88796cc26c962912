import { apiContract } from "@agentplanner/contracts";
import { MethodNotAllowedError } from "../errors.ts";
import type { Middleware } from "./request-state.ts";

const segmentsIn = (path: string): number => path.split("/").filter((segment) => segment !== "").length;

type Route = { method: string; path: string };

const routes = Object.values(apiContract).flatMap((feature) =>
	Object.values(feature as Record<string, { "~orpc": { route: Partial<Route> } }>).map(({ "~orpc": { route } }) => ({
		method: route.method ?? "",
		placeholders: (route.path ?? "").split("{").length - 1,
		segments: segmentsIn(route.path ?? ""),
		pattern: new RegExp(`^${(route.path ?? "").replace(/\{\w+\}/g, "[^/]+")}/?$`),
	})),
);

// Every request comes by here, and most routes have another length.
const routesByLength = Map.groupBy(routes, ({ segments }) => segments);

const withHead = (methods: string[]): string[] =>
	[...new Set(methods)].flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));

/** Lets these pass; another method of the same address is refused with the ones that there are. */
export const allowMethods =
	(...methods: string[]): Middleware =>
	(request, _response, next) => {
		const allowed = withHead(methods);
		if (allowed.includes(request.method)) return next();
		throw new MethodNotAllowedError(request.method, allowed);
	};

/** 405 for an address of the contract with a method that it doesn't have there. Names go before placeholders, as in OpenAPI. */
export const refuseOtherMethods: Middleware = (request, _response, next) => {
	const matching = (routesByLength.get(segmentsIn(request.path)) ?? []).filter(({ pattern }) => pattern.test(request.path));
	const fewest = Math.min(...matching.map(({ placeholders }) => placeholders));
	const allowed = withHead(matching.filter(({ placeholders }) => placeholders === fewest).map(({ method }) => method));
	if (allowed.length === 0 || allowed.includes(request.method)) return next();
	throw new MethodNotAllowedError(request.method, allowed);
};
