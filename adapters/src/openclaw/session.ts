import { AdapterError, type Exchange, type OutboundMessage, type Receipt } from "@agentplanner/contracts";
import { z } from "zod";
import { mostCharacters } from "./answer.ts";
import { agentId, agentOf, type OpenClawSettings } from "./config.ts";
import type { Answer, Call } from "./gateway.ts";
import { History, Row, readTurn, runKey, type Turn, textOf } from "./transcript.ts";

/** Where a message is in the gateway: one request, with all replies to what its agent asks, is one session. */
export type Session = { agentId: string; sessionKey: string };

/** What an agent is told, and in which session. */
export type Told = Session & { message: string };

const SessionReceipt = z.object({ sessionKey: z.string(), agentId: z.string(), sentAt: z.number() });

/** Most rows of a transcript that a gateway gives at once. */
const mostRows = 1_000;

export const sessionOf = (message: OutboundMessage, settings: OpenClawSettings): Session => {
	const agent = agentOf(message.address, settings);
	if (!agentId.test(agent))
		throw new AdapterError("rejected", `"${agent.slice(0, 50)}" is not the id of an agent.`, {
			remedy: "Put the agent's id into the route, such as main (on the gateway's machine: “openclaw agents list”), then ask again.",
		});
	const own = { agentId: agent, sessionKey: `agent:${agent}:ap:${message.key}` };
	return sessionOfReceipt(message.thread) ?? own;
};

export const sessionOfReceipt = (receipt: Receipt | null): Session | null => {
	const { data } = SessionReceipt.safeParse(receipt?.data);
	return data ? { agentId: data.agentId, sessionKey: data.sessionKey } : null;
};

export const sentAtOf = (receipt: Receipt): number => SessionReceipt.safeParse(receipt.data).data?.sentAt ?? 0;

/** Its platform has no place that people could be sent to, and nothing there is rewritten. */
export const receiptOf = ({ agentId, sessionKey }: Session, now: Date): Receipt => ({
	platformId: null,
	data: { agentId, sessionKey, sentAt: now.getTime() },
});

export type Look = { turn: Turn; now: number; exchange: Exchange };

/** Where a message stands in its session, and the gateway's time. */
export const look = async (call: Call, { sessionKey }: Session, key: string): Promise<Look> => {
	const { result, exchange } = await call("chat.history", { sessionKey, limit: mostRows }, History);
	return { turn: readTurn(result, key), now: result.sessionInfo.snapshotAt ?? Date.now(), exchange };
};

/** The whole of an answer, of which a transcript shows only the beginning where it is long. */
export const wholeText = async (call: Call, { sessionKey }: Session, turn: Extract<Turn, { state: "answered" }>): Promise<string> => {
	if (!turn.truncated) return turn.text;
	// One more than is kept, by which is known that it was longer.
	const params = { sessionKey, messageId: turn.rowId, maxChars: mostCharacters + 1 };
	const { result } = await call("chat.message.get", params, z.object({ message: Row.optional() }));
	// A gateway shows what is far too long only as its transcript does, which says that it was cut.
	return result.message ? textOf(result.message) : turn.text;
};

const Run = z.object({
	status: z.enum(["accepted", "in_flight", "ok", "error", "timeout"]),
	result: z.object({ payloads: z.array(z.object({ text: z.string().nullish(), isError: z.boolean().optional() })).default([]) }).optional(),
});

/** Begins a run, or finds it under way or done: the gateway drops a second copy by its key. The text of one that is done at once, else null. */
export const startRun = async (
	call: Call,
	told: Told,
	{ key, attempt }: { key: string; attempt: number },
): Promise<Answer<string | null>> => {
	const params = { ...told, idempotencyKey: runKey(key, attempt), deliver: false };
	const { result, exchange } = await call("agent", params, Run, { sending: true });
	const said = result.result?.payloads.flatMap(({ text, isError }) => (text && !isError ? [text] : [])).join("\n\n") ?? "";
	return { result: result.status === "ok" && said.trim() !== "" ? said : null, exchange };
};

const Waited = z.object({ status: z.string(), endedAt: z.number().nullish() });

/** Waits for the end of a run, for so long at most. True: it has ended. */
export const waitForRun = async (call: Call, runId: string, timeoutMs: number): Promise<boolean> => {
	const { result } = await call("agent.wait", { runId, timeoutMs }, Waited);
	return (result.status === "ok" || result.status === "error" || result.status === "timeout") && result.endedAt != null;
};

export const stopRun = (call: Call, { sessionKey }: Session, runId: string) =>
	call("sessions.abort", { key: sessionKey, runId }, z.object({ status: z.string().optional() }));
