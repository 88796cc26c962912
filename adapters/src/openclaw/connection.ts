import {
	type AdapterContext,
	AdapterError,
	type Config,
	type Connection,
	type OutboundMessage,
	type SendResult,
} from "@agentplanner/contracts";
import { findingOf } from "../finding.ts";
import { readAnswer } from "./answer.ts";
import { checkOpenClaw } from "./check.ts";
import { collectAnswer } from "./collect.ts";
import type { OpenClawSecrets, OpenClawSettings } from "./config.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { promptOf } from "./prompt.ts";
import { look, receiptOf, sentAtOf, sessionOf, sessionOfReceipt, startRun, stopRun, type Told, wholeText } from "./session.ts";

const firstLookMs = 1_000;

/** Where the answer to a message comes from; a plain message has none. */
const collecting = ({ content }: OutboundMessage) =>
	"agent_request_id" in content && content.agent_request_id !== null ? { collectInMs: firstLookMs } : {};

export const openOpenClaw = (config: Config<OpenClawSettings, OpenClawSecrets>, context: AdapterContext): Connection => {
	const { settings } = config;
	/** A line for one use of it. */
	const withGateway = async <T>(signal: AbortSignal, use: (gateway: Gateway) => Promise<T>): Promise<T> => {
		const gateway = await openGateway(config, context, signal);
		try {
			return await use(gateway);
		} finally {
			gateway.close();
		}
	};

	return {
		compose(message) {
			const prompt = promptOf(message);
			if (prompt === null) throw notForAgents();
			return JSON.stringify({ message: prompt, ...sessionOf(message, settings) } satisfies Told);
		},

		async send(message, payload, signal) {
			const told: Told = JSON.parse(payload);
			return withGateway(signal, async ({ call }): Promise<SendResult> => {
				const receipt = receiptOf(told, context.now());
				// Never ask before looking: after a crash the gateway may be at it under another run's id.
				const { turn, exchange } = await look(call, told, message.key);
				if (turn.state === "answered") return { receipt, inbound: [readAnswer(message.key, await wholeText(call, told, turn))], exchange };
				if (turn.state === "running" || turn.state === "interrupted") return { receipt, inbound: [], exchange, ...collecting(message) };
				const attempt = turn.state === "absent" ? 1 : turn.attempt + 1;
				const run = await startRun(call, told, { key: message.key, attempt });
				if (run.result !== null) return { receipt, inbound: [readAnswer(message.key, run.result)], exchange: run.exchange };
				return { receipt, inbound: [], exchange: run.exchange, ...collecting(message) };
			});
		},

		async find(message, _since, signal) {
			const session = sessionOf(message, settings);
			const { turn } = await withGateway(signal, ({ call }) => look(call, session, message.key));
			return turn.state === "absent"
				? { state: "absent" }
				: { state: "found", receipt: receiptOf(session, context.now()), ...collecting(message) };
		},

		async collect(receipt, message, signal) {
			const session = sessionOfReceipt(receipt) ?? sessionOf(message, settings);
			const prompt = promptOf(message);
			if (prompt === null) throw notForAgents();
			const sentMsAgo = context.now().getTime() - sentAtOf(receipt);
			return withGateway(signal, (gateway) => collectAnswer(gateway, { message, told: { ...session, message: prompt } }, sentMsAgo));
		},

		async cancel(receipt, message, _closing, signal) {
			const session = sessionOfReceipt(receipt);
			if (!session) return;
			await withGateway(signal, async ({ call }) => {
				const { turn } = await look(call, session, message.key);
				if (turn.state === "running") await stopRun(call, session, turn.runId);
			});
		},

		async check(addresses, signal) {
			try {
				return await withGateway(signal, (gateway) => checkOpenClaw(gateway, settings, addresses));
			} catch (error) {
				return findingOf(error);
			}
		},

		async close() {},
	};
};

const notForAgents = () =>
	new AdapterError("rejected", "OpenClaw takes questions to agents, replies and plain messages, not decisions or events.", {
		remedy: "Tell people of decisions through Slack, Discord or a webhook; subscribe a webhook to events.",
	});
