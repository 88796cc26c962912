import { AdapterError, type Collected, type Exchange, type OutboundMessage } from "@agentplanner/contracts";
import { readAnswer } from "./answer.ts";
import type { Gateway } from "./gateway.ts";
import { look, startRun, type Told, waitForRun, wholeText } from "./session.ts";
import type { Turn } from "./transcript.ts";

/** Runs for one message, where the agent's model fails. */
const mostRuns = 3;
/** A gateway rests a model's provider for about a minute after it failed. */
const restMs = 60_000;
/** A gateway that was killed goes on with its runs by itself, soon after its start. */
const resumeMs = 60_000;
const soonMs = 2_000;

/** A young run is waited for; an old one is only looked at, since whoever waits holds up others. */
const patience = (ageMs: number): { waitMs: number; againInMs: number } =>
	ageMs < 30_000
		? { waitMs: 8_000, againInMs: 500 }
		: ageMs < 300_000
			? { waitMs: 1_000, againInMs: 4_000 }
			: { waitMs: 0, againInMs: 15_000 };

const nothing = (againInMs: number): Collected => ({ inbound: [], againInMs });

type Asked = { message: OutboundMessage; told: Told };

/** Looks for the answer, has a run that failed begun again, and says when to look next. */
export const collectAnswer = async ({ call, uptimeMs }: Gateway, asked: Asked, sentMsAgo: number): Promise<Collected> => {
	const { message, told } = asked;
	const begin = async (attempt: number): Promise<Collected> => {
		await startRun(call, told, { key: message.key, attempt });
		return nothing(soonMs);
	};
	const { waitMs, againInMs } = patience(sentMsAgo);
	let { turn, now, exchange } = await look(call, told, message.key);
	if (turn.state === "running" && waitMs > 0 && (await waitForRun(call, turn.runId, waitMs)))
		({ turn, now, exchange } = await look(call, told, message.key));
	switch (turn.state) {
		case "answered":
			return { inbound: [readAnswer(message.key, await wholeText(call, told, turn))], againInMs: null };
		case "running":
			return nothing(againInMs);
		case "absent":
			// Accepted and not written down before it died; where it lives, the key finds it.
			return begin(1);
		case "failed": {
			if (turn.attempt >= mostRuns) throw failure(turn, exchange);
			const rest = turn.at + restMs * turn.attempt - now;
			return rest > 0 ? nothing(Math.max(rest, soonMs)) : begin(turn.attempt + 1);
		}
		case "interrupted": {
			if (uptimeMs < resumeMs || now - turn.at < resumeMs) return nothing(soonMs);
			if (turn.attempt >= mostRuns) throw failure({ ...turn, why: "The gateway stopped in the middle." }, exchange);
			return begin(turn.attempt + 1);
		}
		case "stopped":
			throw new AdapterError("rejected", "Somebody stopped the agent's run on the gateway.", {
				remedy: "Press Retry now to have it begun again, or ask somebody else.",
				exchange,
			});
	}
};

const failure = ({ attempt, why }: Pick<Extract<Turn, { state: "failed" }>, "attempt" | "why">, exchange: Exchange): AdapterError =>
	new AdapterError("rejected", `The agent failed ${attempt} times. The last time: ${why.slice(0, 500)}`, {
		remedy:
			"Look into the gateway's log (“openclaw logs”) and at the agent's model and its credentials, then press Retry now at this delivery.",
		exchange,
	});
