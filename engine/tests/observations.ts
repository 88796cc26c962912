import { randomBytes, randomUUID } from "node:crypto";
import type { WakeType } from "@agentplanner/contracts";
import { type Database, openDatabase } from "@agentplanner/db";

import type { RunContext, RunLog, Wake } from "../src/index.ts";

export const silent: RunLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** An event type of this test alone: what one test registers on Hatchet stays registered. */
export const ownType = () => `test.${[...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 26))).join("")}` as WakeType;
export const ownName = (name: string) => `${name}-${randomBytes(3).toString("hex")}`;

export const wakeOf = (type: WakeType, overrides: Partial<Wake["input"]> = {}): Wake => ({
	type,
	input: { wakeId: randomUUID(), projectId: null, subjectId: randomUUID(), data: {}, ...overrides },
	metadata: { projectId: "p", traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01` },
});

export type Run = { label: string; wakeId: string; attempt: number; process: number; at: Date };

/** Where runs, in whatever process, leave their traces. */
export const observe = (db: Database) => ({
	ran: async (label: string, { wakeId, attempt }: Pick<RunContext, "wakeId" | "attempt">) => {
		await db.pool.query("insert into runs (label, wake_id, attempt, process) values ($1, $2, $3, $4)", [
			label,
			wakeId,
			attempt,
			process.pid,
		]);
	},
	/** An effect as verbs have them: only the first one counts. */
	effect: async (key: string) => {
		await db.pool.query("insert into effects (key) values ($1) on conflict do nothing", [key]);
	},
	runs: async (label: string): Promise<Run[]> => {
		const { rows } = await db.pool.query('select label, wake_id as "wakeId", attempt, process, at from runs where label = $1 order by id', [
			label,
		]);
		return rows;
	},
	effects: async (): Promise<string[]> => (await db.pool.query("select key from effects order by key")).rows.map((row) => row.key),
});

export type Observations = ReturnType<typeof observe> & { url: string; db: Database; drop(): Promise<void> };

export const openObservations = (url: string) => observe(openDatabase({ url, name: "fixture", onError: () => {} }));

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
