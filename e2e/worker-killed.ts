import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { startApiAlone } from "./support/api-alone.ts";
import { type CountingAgent, startCountingAgent } from "./support/counting-agent.ts";
import type { EngineUnderTest } from "./support/engine-under-test.ts";
import { type Person, signIn } from "./support/person.ts";
import { startProduct } from "./support/product.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const messageCount = 10;

/** What the lease promises: 4 s, and the time it takes to raise and to send again. */
const takeOverMs = 5_000;
/** The same, with a worker that has to be started first. */
const restartMs = 10_000;

const startForgetfulAgent = async (): Promise<CountingAgent> => {
	const agent = await startCountingAgent({ ignoresFirst: true });
	onTestFinished(() => agent.close());
	return agent;
};

/** Asks and waits until every message is in the middle of its delivery. */
const askUnanswered = async (person: Person, agent: CountingAgent): Promise<void> => {
	const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
	const body = { node_id: nodeId, question: "Are you there?", targets: [{ agent_id: agentId }] };
	for (let number = 0; number < messageCount; number += 1) await person.must("POST", `/projects/${person.projectId}/requests`, body);
	await eventually("every message is being delivered", () => agent.arrivals.length === messageCount);
};

/** How long after the kill each message came again, under the id that it had; the slowest last. */
const secondArrivals = async (agent: CountingAgent, killedAt: number): Promise<number[]> => {
	await eventually("every message came again", () => agent.arrivals.length >= 2 * messageCount, 90_000, 20);
	const messages = [...agent.byMessage().values()];
	expect(messages.map((arrivals) => arrivals.length)).toEqual(Array.from({ length: messageCount }, () => 2));
	return messages.map(([, second]) => (second?.at ?? Number.NaN) - killedAt).sort((a, b) => a - b);
};

const report = (engine: EngineUnderTest, what: string, delays: number[]) =>
	process.stdout.write(
		`${engine.name}: ${messageCount} deliveries raised again ${delays[0]} to ${delays.at(-1)} ms after the kill, ${what}\n`,
	);

const untilAllAnswered = (person: Person) =>
	eventually("every request is completed", async () => {
		const { items } = await person.must<{ items: { status: string }[] }>("GET", `/projects/${person.projectId}/requests`);
		return items.length === messageCount && items.every(({ status }) => status === "completed");
	});

export const workerKilled = (engine: EngineUnderTest) => {
	test("what a worker was delivering when it was killed is delivered by another one within 5 s", { timeout: 180_000 }, async () => {
		await using api = await startApiAlone();
		const agent = await startForgetfulAgent();
		const doomed = await api.startWorker(engine);
		await askUnanswered(api.person, agent);
		await api.startWorker(engine);
		doomed.child.kill("SIGKILL");
		const killedAt = Date.now();
		const delays = await secondArrivals(agent, killedAt);
		report(engine, "with a second worker standing by", delays);
		expect(delays.at(-1)).toBeLessThanOrEqual(takeOverMs);
		await untilAllAnswered(api.person);
	});

	test("the only worker is started again after its kill and goes on where it was", { timeout: 180_000 }, async () => {
		await using product = await startProduct({ engine });
		const person = await signIn(product.url, product.login);
		const agent = await startForgetfulAgent();
		await askUnanswered(person, agent);
		const pid = product.running().services.worker?.pid ?? 0;
		process.kill(pid, "SIGKILL");
		const killedAt = Date.now();
		const delays = await secondArrivals(agent, killedAt);
		report(engine, "by the worker that its supervisor started again", delays);
		expect(delays.at(-1)).toBeLessThanOrEqual(restartMs);
		await untilAllAnswered(person);
	});
};
