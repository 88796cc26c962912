import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Launch, launch, startProduct } from "./support/product.ts";

const taskCount = 20;
const kills = 4;
const finishedWithinMs = 120_000;

type Item = { id: string };
type Event = { type: string; subject_id: string; position: number; data: { to?: string } };

/** Two strands that meet again and again: a task waits for the one two before it, each fifth also for the one before. */
const waitsFor = (index: number): number[] => [...(index >= 2 ? [index - 2] : []), ...(index >= 1 && index % 5 === 0 ? [index - 1] : [])];

const buildPlan = async (person: Person) => {
	const base = `/projects/${person.projectId}`;
	const plan = await person.must<Item>("POST", `${base}/plans`, { title: "Twenty steps" });
	const tasks: string[] = [];
	for (let index = 0; index < taskCount; index += 1) {
		const { id } = await person.must<Item>("POST", `${base}/plans/${plan.id}/nodes`, { title: `Step ${index + 1}` });
		for (const before of waitsFor(index))
			await person.must("POST", `${base}/nodes/${id}/dependencies`, { relation: "blocked_by", node_id: tasks[before] });
		tasks.push(id);
	}
	return { planId: plan.id, tasks };
};

const hireAgent = async (person: Person, url: string, planId: string, name: string) => {
	const base = `/projects/${person.projectId}`;
	const { id } = await person.must<Item>("POST", `${base}/agents`, { name, capabilities: ["steps"] });
	const scopes = ["plans:read", "plans:work"];
	const { token } = await person.must<{ token: string }>("POST", `${base}/tokens`, { name, agent_id: id, scopes });
	const env = {
		AGENTPLANNER_URL: url,
		PROJECT_ID: person.projectId,
		PLAN_ID: planId,
		AGENT_TOKEN: token,
		LEASE_SECONDS: "5",
		WORK_SECONDS: "1",
	};
	let running: Launch;
	const start = () => {
		running = launch("examples/worker-agent/worker-agent.ts", [], env);
	};
	const kill = async () => {
		running.child.kill("SIGKILL");
		await running.exit;
	};
	start();
	onTestFinished(kill);
	return { id, kill, start };
};

const allEvents = async (person: Person): Promise<Event[]> => {
	const events: Event[] = [];
	for (let cursor = 0; ; ) {
		const page = await person.must<{ items: Event[]; next_cursor: number }>(
			"GET",
			`/projects/${person.projectId}/events?limit=200&cursor=${cursor}`,
		);
		if (page.items.length === 0) return events;
		events.push(...page.items);
		cursor = page.next_cursor;
	}
};

test("two agents work a plan of 20 dependent tasks to its end while one or the other is killed: each is done once, none stays claimed", async () => {
	await using product = await startProduct();
	const person = await signIn(product.url, product.login);
	const base = `/projects/${person.projectId}`;
	const { planId, tasks } = await buildPlan(person);
	const begun = performance.now();
	const agents = [await hireAgent(person, product.url, planId, "Ann"), await hireAgent(person, product.url, planId, "Ben")];
	const claimsOf = async (agentId: string) => (await person.must<{ items: Item[] }>("GET", `${base}/claims?agent_id=${agentId}`)).items;

	for (let kill = 0; kill < kills; kill += 1) {
		const victim = agents[randomInt(agents.length)];
		if (!victim) throw new Error("There are two of them.");
		// In the middle of a task, so that each time something is left behind.
		await eventually("it has something in hand", async () => (await claimsOf(victim.id)).length > 0, 30_000, 20);
		await pause(randomInt(600));
		await victim.kill();
		await pause(randomInt(1_500));
		victim.start();
	}

	await eventually(
		"all tasks are completed",
		async () => {
			const { nodes } = await person.must<{ nodes: { status: string }[] }>("GET", `${base}/plans/${planId}`);
			return nodes.every(({ status }) => status === "completed");
		},
		finishedWithinMs,
	);
	const tookMs = Math.round(performance.now() - begun);
	await eventually(
		"all that was held is free",
		async () => (await person.must<{ items: Item[] }>("GET", `${base}/claims`)).items.length === 0,
	);

	let events: Event[] = [];
	await eventually("every completion has its place in the log", async () => {
		events = await allEvents(person);
		return tasks.every((id) => events.some((event) => event.subject_id === id && event.data.to === "completed"));
	});
	const of = (id: string, is: (event: Event) => boolean) => events.filter((event) => event.subject_id === id && is(event));
	const completions = (id: string) => of(id, ({ type, data }) => type === "node.status.changed" && data.to === "completed");
	expect(tasks.map((id) => completions(id).length)).toEqual(tasks.map(() => 1));
	expect(tasks.map((id) => of(id, ({ type }) => type === "node.claim.finished").length)).toEqual(tasks.map(() => 1));
	// Nothing was begun before what it waits for.
	for (const [index, id] of tasks.entries())
		for (const before of waitsFor(index)) {
			const done = completions(tasks[before] ?? "")[0]?.position ?? Number.POSITIVE_INFINITY;
			expect(of(id, ({ type }) => type === "node.claimed")[0]?.position).toBeGreaterThan(done);
		}
	const expired = events.filter(({ type }) => type === "node.claim.expired").length;
	expect(expired).toBeGreaterThan(0);
	process.stdout.write(`${taskCount} tasks by two agents, ${kills} kills: ${tookMs} ms, ${expired} leases ran out\n`);
});
