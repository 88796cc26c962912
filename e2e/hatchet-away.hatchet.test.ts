import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { startApiAlone } from "./support/api-alone.ts";
import { type BreakableHatchet, startOwnHatchet, wireToHatchet } from "./support/breakable-hatchet.ts";
import { startCountingAgent } from "./support/counting-agent.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const awayMs = 30_000;
const askEveryMs = 1_000;
/** Hatchet itself hands out nothing for about a minute after a restart. */
const deliveredWithinMs = 75_000;

const { HATCHET_CLIENT_EMBEDDED_BINARY_PATH: binaryPath = "" } = process.env;

// A Hatchet that somebody else runs can't be stopped; there the way to it is cut. Over TLS no wire of ours would be believed.
const startHatchet = (): Promise<BreakableHatchet> =>
	binaryPath ? startOwnHatchet(binaryPath, `${inject("postgresUrl")}/hatchet_away`) : wireToHatchet();
const isOutOfReach = !binaryPath && inject("hatchet").tls !== "none";

test.skipIf(isOutOfReach)(
	"Hatchet away for 30 s: what is asked meanwhile is accepted, and delivered within 75 s of its return",
	async () => {
		const hatchet = await startHatchet();
		onTestFinished(() => hatchet.close());
		await using api = await startApiAlone();
		const agent = await startCountingAgent();
		onTestFinished(() => agent.close());
		await api.startWorker(hatchet.engine);
		const { person, product } = api;
		const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
		const body = { node_id: nodeId, question: "Anything new?", targets: [{ agent_id: agentId }] };
		let asked = 0;
		const ask = async () => {
			const reply = await person.request("POST", `/projects/${person.projectId}/requests`, body);
			expect(reply.status).toBe(202);
			asked += 1;
		};
		const delivered = () => new Set(agent.arrivals.map(({ agentRequestId }) => agentRequestId)).size;
		await ask();
		await eventually("the first one is delivered", () => delivered() === 1);

		await hatchet.goAway();
		for (const end = Date.now() + awayMs; Date.now() < end; await sleep(askEveryMs)) await ask();
		expect(delivered()).toBe(1);
		const readiness = await (await fetch(`${product.url}/ready`)).json();
		expect(readiness).toMatchObject({ status: "degraded" });
		expect(JSON.stringify(readiness)).toContain("Hatchet");

		await hatchet.comeBack();
		const backAt = Date.now();
		await eventually("everything is delivered", () => delivered() === asked, deliveredWithinMs);
		const tookMs = Date.now() - backAt;
		await eventually("every request is completed", async () => {
			const rows = await api.query<{ count: number }>("select count(*)::int as count from agent_requests where status = 'completed'");
			return rows[0]?.count === asked;
		});
		expect(agent.byMessage().size).toBe(asked);
		await eventually(
			"the api is ready again",
			async () => {
				const { status } = (await (await fetch(`${product.url}/ready`)).json()) as { status: string };
				return status === "ready";
			},
			90_000,
		);
		process.stdout.write(`${asked} requests were delivered ${tookMs} ms after Hatchet's return; it was away for ${awayMs} ms\n`);
	},
	300_000,
);
