import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { type Rows, withoutTimer } from "../../support/database.ts";
import { root } from "../../support/root.ts";
import type { Hit } from "../receiver.ts";

export type AttemptRow = { delivery_id: string; number: number; outcome: string | null; started: number };

/** Every attempt, by delivery and in order. */
export const readAttempts = async (query: Rows): Promise<Map<string, AttemptRow[]>> => {
	const rows = await query<AttemptRow>(
		"select delivery_id, number, outcome, (extract(epoch from started_at) * 1000)::float8 as started from delivery_attempts order by delivery_id, number",
	);
	return Map.groupBy(rows, ({ delivery_id }) => delivery_id);
};

/** Messages that came more often than there were attempts to send them. */
export const unexplainedCopies = (messages: Map<string, Hit[]>, attempts: Map<string, AttemptRow[]>): string[] =>
	[...messages].filter(([id, copies]) => copies.length > (attempts.get(id)?.length ?? 0)).map(([id]) => id);

/** Looks at the promise "whatever waits has its timer" all the while, also between a kill and the restart. */
export const watchTimers = (query: Rows) => {
	const broken: string[] = [];
	let looks = 0;
	let stopped = false;
	const watching = (async () => {
		while (!stopped) {
			await withoutTimer(query).then(
				(rows) => {
					looks += 1;
					broken.push(...rows.map(({ what, id, status }) => `${what} ${id} (${status})`));
				},
				() => {},
			);
			await sleep(200);
		}
	})();
	return {
		end: async () => {
			stopped = true;
			await watching;
			return { broken, looks };
		},
	};
};

export const everythingIsWell = "Everything is as it must be.";

/** What scripts/check-data.ts says of the data. */
export const checkData = (databaseUrl: string): Promise<string> =>
	new Promise((resolve) => {
		const { PATH } = process.env;
		const child = spawn(process.execPath, ["scripts/check-data.ts"], { cwd: root, env: { PATH, DATABASE_URL: databaseUrl } });
		let output = "";
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
		child.once("close", () => resolve(output.trim()));
	});
