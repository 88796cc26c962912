import { z } from "zod";

const Part = z.object({ type: z.string(), text: z.string().optional() });

/** A row of a session's transcript, as far as we read it. Unknown parts of it are the agent's own business. */
export const Row = z.object({
	role: z.string(),
	content: z.union([z.string(), z.array(Part)]).catch(""),
	customType: z.string().optional(),
	stopReason: z.string().nullish(),
	timestamp: z.number().catch(0),
	idempotencyKey: z.string().optional(),
	__openclaw: z.object({ id: z.string().optional(), runId: z.string().optional(), truncated: z.unknown().optional() }).default({}),
});
export type Row = z.infer<typeof Row>;

export const History = z.object({
	messages: z.array(Row),
	inFlightRun: z.object({ runId: z.string().optional() }).nullish(),
	sessionInfo: z
		.object({
			status: z.string().nullish(),
			hasActiveRun: z.boolean().default(false),
			activeRunIds: z.array(z.string()).default([]),
			abortedLastRun: z.boolean().default(false),
			updatedAt: z.number().nullish(),
			snapshotAt: z.number().nullish(),
		})
		.prefault({}),
});
export type History = z.infer<typeof History>;

/** Where one message of ours stands in its session. `attempt` counts the runs that were begun for it; `at` is the gateway's time. */
export type Turn =
	/** The gateway knows nothing of it. */
	| { state: "absent" }
	| { state: "running"; attempt: number; runId: string }
	| { state: "answered"; text: string; rowId: string; truncated: boolean }
	/** Its run ended without an answer. */
	| { state: "failed"; attempt: number; at: number; why: string }
	/** A person, or the gateway itself, stopped it. */
	| { state: "stopped"; attempt: number }
	/** It was begun, and nothing goes on: the gateway stopped in the middle, and may resume. */
	| { state: "interrupted"; attempt: number; at: number };

/** Every run has a key of its own, by which the gateway drops a second copy and by which its rows are known. */
export const runKey = (key: string, attempt: number): string => `${key}.${attempt}`;

export const textOf = ({ content }: Row): string => {
	const parts = typeof content === "string" ? [content] : content.flatMap(({ type, text }) => (type === "text" && text ? [text] : []));
	return parts.join("\n\n").trim();
};

/**
 * Reads where a message stands: rows after its own, up to the next message of ours, belong to it, whichever run wrote them, since a restarted
 * gateway goes on under a new id.
 */
export const readTurn = ({ messages, inFlightRun, sessionInfo }: History, key: string): Turn => {
	const attempt = Math.max(0, ...messages.map((row) => attemptOf(row, key)));
	const running = inFlightRun?.runId ?? sessionInfo.activeRunIds[0];
	const begun = messages.findLastIndex((row) => row.idempotencyKey === `${runKey(key, attempt)}:user`);
	const isActive = sessionInfo.hasActiveRun || Boolean(inFlightRun);
	if (isActive) return { state: "running", attempt, runId: running ?? runKey(key, Math.max(attempt, 1)) };
	if (attempt === 0) return { state: "absent" };

	const next = messages.findIndex((row, index) => index > begun && row.idempotencyKey?.endsWith(":user") && attemptOf(row, key) === 0);
	const said =
		begun < 0 ? messages.filter((row) => attemptOf(row, key) === attempt) : messages.slice(begun + 1, next === -1 ? messages.length : next);
	const failure = said.findLast(isFailure);
	const last = said.findLast((row) => row.role === "assistant" && !isFailure(row));
	if (last && last.stopReason !== "toolUse" && (!failure || said.indexOf(last) > said.indexOf(failure)) && !isCutShort(last)) {
		const text = textOf(last);
		const rowId = last.__openclaw.id ?? "";
		if (text === "" || text === "NO_REPLY") return { state: "failed", attempt, at: last.timestamp, why: "The agent ended without a word." };
		return { state: "answered", text, rowId, truncated: Boolean(last.__openclaw.truncated) };
	}
	if (failure) return { state: "failed", attempt, at: failure.timestamp, why: textOf(failure) };
	if (sessionInfo.status === "killed" || sessionInfo.abortedLastRun) return { state: "stopped", attempt };
	const lastSeen = Math.max(sessionInfo.updatedAt ?? 0, ...said.map(({ timestamp }) => timestamp), messages[begun]?.timestamp ?? 0);
	return { state: "interrupted", attempt, at: lastSeen };
};

/** Which run of a message a row belongs to; 0: none. */
const attemptOf = ({ idempotencyKey = "", __openclaw: { runId = "" } }: Row, key: string): number => {
	for (const name of [idempotencyKey.replace(/:[a-z-]+$/, ""), runId]) {
		const number = name.startsWith(`${key}.`) ? Number(name.slice(key.length + 1)) : 0;
		if (Number.isInteger(number) && number > 0) return number;
	}
	return 0;
};

const isFailure = ({ role, stopReason, customType = "", idempotencyKey = "" }: Row): boolean =>
	(role === "assistant" && (stopReason === "error" || idempotencyKey.endsWith(":terminal-error"))) ||
	customType === "run-failed-before-reply";

/** What was written until somebody stopped it. */
const isCutShort = ({ stopReason }: Row): boolean => stopReason === "aborted";
