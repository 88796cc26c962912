import { EngineUnavailableError } from "../engine.ts";

// https://grpc.io/docs/guides/status-codes/
const invalidArgument = 3;
const unauthenticated = [7, 16];
const noConnection = [4, 14];

/** The gRPC status behind an SDK error, which keeps it as the cause. */
const grpcCode = (error: unknown): number | null => {
	for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
		const { code } = current as { code?: unknown };
		if (typeof code === "number") return code;
	}
	return null;
};

/** True when Hatchet was reached and refuses what was sent. */
export const isRefusal = (error: unknown): boolean => grpcCode(error) === invalidArgument;

/** True when Hatchet wasn't reached, or doesn't let us in. Any other code may be about a single event, or about all of Hatchet. */
export const isAway = (error: unknown): boolean => {
	const code = grpcCode(error);
	return code === null || noConnection.includes(code) || unauthenticated.includes(code);
};

const refusesToken = (error: unknown): boolean => {
	const code = grpcCode(error);
	const { response } = error as { response?: { status?: number } };
	return (code !== null && unauthenticated.includes(code)) || response?.status === 401 || response?.status === 403;
};

const remedyFor = (error: unknown, address: string): string => {
	return refusesToken(error)
		? "Hatchet refuses the token: make a new one and set HATCHET_CLIENT_TOKEN; tokens live 90 days."
		: `Check that Hatchet runs and answers at ${address}, and that HATCHET_CLIENT_HOST_PORT and HATCHET_CLIENT_TLS_STRATEGY fit it. Work waits in the outbox and goes on by itself.`;
};

export const unavailable = (error: unknown, address: string): EngineUnavailableError =>
	error instanceof EngineUnavailableError
		? error
		: new EngineUnavailableError(
				`Hatchet can't be reached: ${error instanceof Error ? error.message : String(error)}`,
				remedyFor(error, address),
				error,
			);
