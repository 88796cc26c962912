/** Where the Hatchet of a test run is; what is left out is in the token. */
export type HatchetAddress = { token: string; tls: "none" | "tls"; hostPort?: string; apiUrl?: string };

declare module "vitest" {
	interface ProvidedContext {
		/** Set by scripts/vitest-hatchet-setup.ts. */
		hatchet: HatchetAddress;
	}
}
