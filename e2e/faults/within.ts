import { ok } from "node:assert/strict";

/** From the moment that something is due until it is there, on a busy machine. */
export const slackMs = 1_000;

export const within = (value: number, least: number, most: number, what: string): void =>
	ok(value >= least && value <= most, `${what}: ${Math.round(value)}, not ${least} to ${most}`);
