import { randomUUID } from "node:crypto";

/** How a run ends: by words, by its model's failure, or not until somebody ends it. */
export type Reply = { text: string } | { error: string } | { errorBeforeReply: string } | "hold";

type Row = Record<string, unknown> & { __openclaw: Record<string, unknown> };
type Run = { id: string; sessionKey: string; prompt: string; ended: { status: string; stopReason?: string; at: number } | null };
type Session = { rows: Row[]; status: string; aborted: boolean; updatedAt: number };

const longestShown = 8_000;

/** Transcripts and runs of a gateway: the former outlive a crash, the latter don't. */
export const createSessions = () => {
	const sessions = new Map<string, Session>();
	let runs = new Map<string, Run>();
	let script: (prompt: string) => Reply = () => "hold";
	let offsetMs = 0;
	let recording = true;
	let withholding = false;
	const waiting = new Set<() => void>();
	const prompts: string[] = [];

	const now = () => Date.now() + offsetMs;
	const sessionOf = (key: string): Session => {
		const session = sessions.get(key) ?? { rows: [], status: "idle", aborted: false, updatedAt: now() };
		sessions.set(key, session);
		return session;
	};
	const write = (sessionKey: string, row: Record<string, unknown>, meta: Record<string, unknown> = {}) => {
		const session = sessionOf(sessionKey);
		session.updatedAt = now();
		if (recording) session.rows.push({ timestamp: now(), ...row, __openclaw: { id: randomUUID(), seq: session.rows.length + 1, ...meta } });
	};
	const end = (run: Run, reply: Exclude<Reply, "hold"> | "aborted") => {
		const session = sessionOf(run.sessionKey);
		const { id, sessionKey } = run;
		const close = (status: string, was: string, stopReason?: string) => {
			run.ended = { status, at: now(), ...(stopReason && { stopReason }) };
			session.status = was;
		};
		if (reply === "aborted") {
			session.aborted = true;
			close("error", "killed", "rpc");
		} else if ("text" in reply) {
			write(sessionKey, { role: "assistant", content: [{ type: "text", text: reply.text }], stopReason: "stop" }, { runId: id });
			close("ok", "done");
		} else if ("error" in reply) {
			const failed = { role: "assistant", content: [{ type: "text", text: reply.error }], stopReason: "error" };
			write(sessionKey, { ...failed, idempotencyKey: `${id}:terminal-error` }, { runId: id });
			close("error", "failed");
		} else {
			session.rows = session.rows.filter(({ idempotencyKey }) => idempotencyKey !== `${id}:user`);
			write(sessionKey, { role: "custom", customType: "run-failed-before-reply", content: reply.errorBeforeReply }, { runId: id });
			close("error", "failed");
		}
		for (const wake of waiting) wake();
	};
	const activeIn = (sessionKey: string) => [...runs.values()].filter((run) => run.sessionKey === sessionKey && run.ended === null);
	const begin = (id: string, sessionKey: string, prompt: string) => {
		const run: Run = { id, sessionKey, prompt, ended: null };
		runs.set(id, run);
		prompts.push(prompt);
		const session = sessionOf(sessionKey);
		session.status = "running";
		session.aborted = false;
		const reply = script(prompt);
		if (reply !== "hold") end(run, reply);
		return run;
	};

	return {
		/** What agents were told, one entry for each run of the model. */
		prompts,
		/** How runs that begin from now on end. */
		answerWith: (next: typeof script) => {
			script = next;
		},
		/** From now on single messages count as too large to be shown. */
		withhold: () => {
			withholding = true;
		},
		/** As if that much time went by. */
		advance: (ms: number) => {
			offsetMs += ms;
		},
		now,
		/** False: it takes its time to write sessions down, as it does at its first run. */
		setRecording: (on: boolean) => {
			recording = on;
		},
		run({ idempotencyKey: id, sessionKey, message }: { idempotencyKey: string; sessionKey: string; message: string }) {
			const known = runs.get(id);
			if (known)
				return known.ended ? { runId: id, status: known.ended.status === "ok" ? "ok" : "error" } : { runId: id, status: "in_flight" };
			write(sessionKey, { role: "user", content: message, idempotencyKey: `${id}:user` });
			begin(id, sessionKey, message);
			return { runId: id, sessionKey, status: "accepted", acceptedAt: now() };
		},
		/** Ends the newest run that is under way, of all or of those for that key. */
		finish(reply: Exclude<Reply, "hold">, key = "") {
			const run = [...runs.values()].findLast(({ id, ended }) => ended === null && id.startsWith(key));
			if (!run) throw new Error("No run is under way.");
			end(run, reply);
		},
		abort(sessionKey: string, runId: string) {
			const run = activeIn(sessionKey).find(({ id }) => id === runId);
			if (run) end(run, "aborted");
			return { ok: true, abortedRunId: run?.id ?? null, status: run ? "aborted" : "no-active-run" };
		},
		async wait(runId: string, timeoutMs: number) {
			const read = () => runs.get(runId)?.ended ?? null;
			if (!read())
				await new Promise<void>((resolve) => {
					const timer = setTimeout(resolve, timeoutMs);
					waiting.add(() => {
						if (!read()) return;
						clearTimeout(timer);
						resolve();
					});
				});
			const ended = read();
			return ended ? { runId, status: ended.status, endedAt: ended.at, stopReason: ended.stopReason } : { runId, status: "timeout" };
		},
		history(sessionKey: string, limit: number) {
			const session = recording ? sessions.get(sessionKey) : undefined;
			const active = recording ? activeIn(sessionKey) : [];
			const shown = (row: Row) => {
				const text = (row.content as { text?: string }[])[0]?.text ?? "";
				if (row.role !== "assistant" || text.length <= longestShown) return row;
				const content = [{ type: "text", text: `${text.slice(0, longestShown)}\n...(truncated)...` }];
				return { ...row, content, __openclaw: { ...row.__openclaw, truncated: true } };
			};
			return {
				sessionKey,
				messages: (session?.rows ?? []).slice(-limit).map(shown),
				...(active[0] && { inFlightRun: { runId: active[0].id, text: "" } }),
				sessionInfo: {
					key: sessionKey,
					...(session && { status: session.status, abortedLastRun: session.aborted }),
					updatedAt: session?.updatedAt ?? null,
					snapshotAt: now(),
					hasActiveRun: active.length > 0,
					activeRunIds: active.map(({ id }) => id),
				},
			};
		},
		message(sessionKey: string, id: string, maxChars: number) {
			const row = sessions.get(sessionKey)?.rows.find((candidate) => candidate.__openclaw.id === id);
			if (!row) return null;
			if (withholding) return { ok: false, unavailableReason: "oversized" };
			const text = (row.content as { text: string }[])[0]?.text ?? "";
			return { ok: true, message: { ...row, content: [{ type: "text", text: text.slice(0, maxChars) }] } };
		},
		/** A crash forgets all runs; what was under way goes on later, under another run's id, where it was written down at all. */
		crash() {
			const lost = [...runs.values()].filter(({ ended, sessionKey }) => ended === null && (sessions.get(sessionKey)?.rows.length ?? 0) > 0);
			runs = new Map();
			return () => {
				for (const { sessionKey, prompt } of lost) begin(randomUUID(), sessionKey, prompt);
			};
		},
	};
};
