import { defineAdapter } from "@agentplanner/adapters";
import type { AdapterError, Listening, Received } from "@agentplanner/contracts";
import { createIntegration, listIntegrations, type ProjectContext } from "@agentplanner/core";
import { buildContext } from "@agentplanner/core/testing";
import type { TestDatabase } from "@agentplanner/db/testing";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { createConnections } from "../../src/connections.ts";
import { startListening } from "../../src/listening/start-listening.ts";
import { silent } from "../harness.ts";

/** One call of `listen`, as the platform sees it. */
export type Call = {
	settings: { team: string };
	listening: Listening;
	signal: AbortSignal;
	/** Ends the call: properly, or with whatever is thrown. */
	end: () => void;
	fail: (error: AdapterError | Error | string) => void;
	closed: boolean;
};

/** A platform that talks to whoever listens, and the adapter for it: this list of adapters is all that a fifth one takes. */
export const openPlatform = ({ deaf = false } = {}) => {
	const calls: Call[] = [];
	const adapter = defineAdapter({
		id: "line",
		label: "Line",
		settings: z.strictObject({ team: z.string() }),
		secrets: z.strictObject({ token: z.string() }),
		redelivery: "safe",
		listens: () => true,
		open: async ({ settings }) => {
			const { promise, resolve, reject } = Promise.withResolvers<void>();
			promise.catch(() => {});
			let call: Call | null = null;
			return {
				compose: ({ key }) => JSON.stringify({ key }),
				send: async ({ key }) => ({ receipt: { platformId: `message ${key}` }, inbound: [] }),
				check: async () => [],
				nameOf: async (author) => (author === "U1" ? "Ada" : null),
				listen: (listening, signal) => {
					call = { settings, listening, signal, end: resolve, fail: reject, closed: false };
					calls.push(call);
					if (!deaf) signal.addEventListener("abort", () => resolve());
					return promise;
				},
				close: async () => {
					if (call) call.closed = true;
				},
			};
		},
	});
	return {
		adapter,
		calls,
		/** The call that goes on, of the only integration. */
		get now() {
			const open = calls.filter(({ closed }) => !closed);
			if (open.length > 1) throw new Error("Two listen at once.");
			return open[0];
		},
	};
};
export type Platform = ReturnType<typeof openPlatform>;

/** The listening part of a worker; stopped when the test ends. */
export const startListener = ({ db }: Pick<TestDatabase, "db">, platform: Platform, workerId: string) => {
	const connections = createConnections(silent, [platform.adapter]);
	const house = { context: buildContext(db), connections, workerId, log: silent };
	const worker = startListening(house, [platform.adapter]);
	onTestFinished(async () => {
		await worker.stop();
		await connections.close();
	});
	return worker;
};

export const connect = (ctx: ProjectContext, platform: Platform, team = "T1") =>
	createIntegration(ctx, { adapter: "line", name: `Line ${team}`, settings: { team }, secrets: { token: "sesame" } }, platform.adapter);

/** How listening stands, as the pages get it. */
export const statusOf = async (ctx: ProjectContext) => (await listIntegrations(ctx)).items[0]?.listening;

export const answerTo = (deliveryId: string, externalId: string): Received => ({
	...{ type: "answer", externalId, deliveryId, text: `Answer ${externalId}`, author: "ada" },
});
