import { inject } from "vitest";
import type { HatchetAddress } from "../../scripts/testing/hatchet-of-the-run.ts";

/** What a scenario runs on, and what the worker's environment has to say for it. */
export type EngineUnderTest = { name: "postgres" | "hatchet"; env: Record<string, string> };

export const postgres: EngineUnderTest = { name: "postgres", env: { ENGINE: "postgres" } };

export const hatchetAt = ({ token, tls, hostPort, apiUrl }: HatchetAddress): EngineUnderTest => ({
	name: "hatchet",
	env: {
		ENGINE: "hatchet",
		HATCHET_CLIENT_TOKEN: token,
		HATCHET_CLIENT_TLS_STRATEGY: tls,
		...(hostPort ? { HATCHET_CLIENT_HOST_PORT: hostPort } : {}),
		...(apiUrl ? { HATCHET_CLIENT_API_URL: apiUrl } : {}),
	},
});

export const hatchetOfTheRun = (): EngineUnderTest => hatchetAt(inject("hatchet"));
