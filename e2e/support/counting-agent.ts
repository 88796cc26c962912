import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type Arrival = { webhookId: string; bodyHash: string; agentRequestId: string; at: number };

export type CountingAgent = {
	url: string;
	arrivals: Arrival[];
	/** How often each message came, by its webhook-id. */
	byMessage(): Map<string, Arrival[]>;
	close(): Promise<void>;
};

/** An agent that writes down every message and answers it at once; or leaves the first copy of each without an answer. */
export const startCountingAgent = async ({ thinkingMs = 0, ignoresFirst = false } = {}): Promise<CountingAgent> => {
	const arrivals: Arrival[] = [];
	const seen = new Set<string>();
	const server = createServer((request, response) => {
		const receive = async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk);
			const body = Buffer.concat(chunks);
			const message = JSON.parse(body.toString()) as { type: string; data: { agent_request_id?: string } };
			const webhookId = String(request.headers["webhook-id"]);
			const isFirst = !seen.has(webhookId);
			seen.add(webhookId);
			if (message.type === "agent.request.created")
				arrivals.push({
					webhookId,
					bodyHash: createHash("sha256").update(body).digest("hex"),
					agentRequestId: message.data.agent_request_id ?? "",
					at: Date.now(),
				});
			if (ignoresFirst && isFirst) return;
			await sleep(thinkingMs);
			const answer = message.type === "agent.request.created" ? { type: "answer", text: "Done." } : {};
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
		};
		receive().catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		arrivals,
		byMessage: () => Map.groupBy(arrivals, (arrival) => arrival.webhookId),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
