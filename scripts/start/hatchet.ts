import { freePort } from "./ports.ts";

/** What a worker's environment says of the Hatchet that we started. */
export type HatchetSettings = {
	HATCHET_CLIENT_TOKEN: string;
	HATCHET_CLIENT_HOST_PORT: string;
	HATCHET_CLIENT_API_URL: string;
	HATCHET_CLIENT_TLS_STRATEGY: string;
};

/** What run-embedded-hatchet.ts says when it is up. */
export type HatchetReady = { token: string; hostPort: string; apiUrl: string };

/** The ports stay the same over restarts, since they are part of every token. */
export const hatchetPorts = async (): Promise<{ GRPC_PORT: string; API_PORT: string }> => ({
	GRPC_PORT: String(await freePort(7077)),
	API_PORT: String(await freePort(8888)),
});

export const hatchetSettings = ({ token, hostPort, apiUrl }: HatchetReady): HatchetSettings => ({
	HATCHET_CLIENT_TOKEN: token,
	HATCHET_CLIENT_HOST_PORT: hostPort,
	HATCHET_CLIENT_API_URL: apiUrl,
	HATCHET_CLIENT_TLS_STRATEGY: "none",
});

/** Hatchet keeps its tables in a database of its own on the product's server. */
export const hatchetDatabase = (databaseUrl: string): string => {
	const url = new URL(databaseUrl);
	url.pathname = "/hatchet";
	return url.href;
};
