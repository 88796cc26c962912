import { type ApiContract, apiContract, Problem } from "@agentplanner/contracts";
import { createORPCClient } from "@orpc/client";
import type { ContractRouterClient } from "@orpc/contract";
import { OpenAPILink } from "@orpc/openapi-client/fetch";
import { createTanstackQueryUtils } from "@orpc/tanstack-query";

/** What every failed call throws; `problem` says what went wrong and where. */
export class ApiError extends Error {
	override name = "ApiError";
	readonly problem: Problem;

	constructor(problem: Problem, options?: ErrorOptions) {
		super(problem.detail, options);
		this.problem = problem;
	}
}

const problemOf = (status: number, title: string, detail: string): Problem => ({
	type: "about:blank",
	title,
	status,
	code: status === 401 ? "unauthorized" : status === 0 || status >= 502 ? "unavailable" : "internal",
	detail,
	request_id: "",
});

const unreachable = "The server can't be reached. Check that it is running and that you are online; nothing you typed is lost.";

const readProblem = async (response: Response): Promise<Problem> => {
	const body: unknown = await response.json().catch(() => null);
	const parsed = Problem.safeParse(body);
	if (parsed.success) return parsed.data;
	if (response.status >= 502 && response.status <= 504) return problemOf(response.status, "Not reachable", unreachable);
	return problemOf(
		response.status,
		response.statusText,
		`The server answered ${response.status} without saying why. Try again in a moment.`,
	);
};

const fetchOrThrow = async (request: Request, init: RequestInit): Promise<Response> => {
	let response: Response;
	try {
		response = await fetch(request, { ...init, credentials: "same-origin" });
	} catch (error) {
		if (error instanceof DOMException && error.name === "AbortError") throw error;
		throw new ApiError(problemOf(0, "Not reachable", unreachable), { cause: error });
	}
	if (!response.ok) throw new ApiError(await readProblem(response));
	return response;
};

let csrfToken: string | null = null;

/** The session's token, sent back with every request that changes something. */
export const setCsrfToken = (token: string | null): void => {
	csrfToken = token;
};

const link = new OpenAPILink(apiContract, {
	url: () => new URL("/api/v1", globalThis.location.origin),
	headers: () => (csrfToken === null ? {} : { "x-csrf-token": csrfToken }),
	fetch: (request, init) => fetchOrThrow(request, init as RequestInit),
});

export const api: ContractRouterClient<ApiContract> = createORPCClient(link);

/** Query options and keys per endpoint. */
export const apiQueries = createTanstackQueryUtils(api);

/** The parts of an input that most endpoints leave empty. */
export const nothing = { query: {}, headers: {} };
