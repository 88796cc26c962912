import type { Engine } from "../src/index.ts";

/** An engine that does on command what a real one doesn't: for the relay's failures only. */
export const scriptedEngine = (push: Engine["push"]): Engine => ({
	name: "postgres",
	push,
	work: async () => {},
	health: async () => ({ ok: true, engine: "scripted", detail: "", remedy: null }),
	stop: async () => {},
	failed: new Promise(() => {}),
});
