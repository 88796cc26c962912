import { join } from "node:path";
import { root } from "./root.ts";

/** Code that is already stripped of its types and compiled: a process that finds it never loads the compiler for TypeScript. */
export const compileCache = join(root, "node_modules", ".cache", "node-compile");

/**
 * V8 lets a heap grow in proportion to the machine's memory and keeps the pages it frees. Of api and worker some 30 MiB each are
 * live; with these limits about 100 MiB less of both is resident. A smaller semi-space costs processor time.
 */
const heapLimits = "--max-semi-space-size=4 --max-old-space-size=256";

/** What Node and the C library read in our processes; what the operator's own NODE_OPTIONS says comes last, and so wins. */
export const nodeSettings = ({ NODE_OPTIONS, NODE_COMPILE_CACHE, MALLOC_ARENA_MAX }: NodeJS.ProcessEnv) => ({
	NODE_OPTIONS: NODE_OPTIONS ? `${heapLimits} ${NODE_OPTIONS}` : heapLimits,
	NODE_COMPILE_CACHE: NODE_COMPILE_CACHE || compileCache,
	// glibc gives each of Node's threads pools of memory of its own, which stay half empty.
	MALLOC_ARENA_MAX: MALLOC_ARENA_MAX || "2",
});
