import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api-client.ts";

/** Worth asking again by itself: the server was away or stumbled. A 4xx stays as it is until something changes. */
export const isTransient = (error: unknown): boolean =>
	error instanceof ApiError && (error.problem.code === "unavailable" || error.problem.status >= 500);

export const createQueryClient = (onError: (error: unknown) => void): QueryClient =>
	new QueryClient({
		queryCache: new QueryCache({ onError }),
		mutationCache: new MutationCache({ onError }),
		defaultOptions: {
			queries: {
				// The socket says when something changed; until then what was read stays true.
				staleTime: 30_000,
				networkMode: "always",
				retry: (count, error) => isTransient(error) && count < 3,
				retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
			},
			mutations: { networkMode: "always", retry: false },
		},
	});
