import type { Options } from "./options.ts";
import type { Report } from "./support/figures.ts";

/** Measures on what it starts itself, all of which `own` ends. */
export type Case = (options: Options, own: AsyncDisposableStack) => Promise<Report>;
