import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { startApi, type TestApi } from "./start-api.ts";
import { useSockets } from "./use-sockets.ts";

let api: TestApi;
beforeAll(async () => {
	api = await startApi();
});
afterAll(() => api.close());
const { openPage } = useSockets(() => api.url);

describe("each member hears of what they may see alone:", () => {
	const address = () => `${randomUUID()}@example.org`;
	/** A project with an open and a private plan, and a page of each kind of member. */
	const build = async () => {
		const owner = await api.owner("Owner");
		const { call, base, project } = owner;
		const makePlan = async (title: string) => {
			const { body: plan } = await call("POST", `${base}/plans`, { body: { title } });
			const { body: node } = await call("POST", `${base}/plans/${plan.id}/nodes`, { body: { title: "Task" } });
			return { planId: plan.id as string, nodeId: node.id as string };
		};
		const [open, secret] = [await makePlan("Open"), await makePlan("Secret")];
		await call("PUT", `${base}/plans/${secret.planId}/visibility`, { body: { visibility: "private" } });
		const join = async (role: string, planId?: string) => {
			const member = await api.signUp(role);
			const userId = member.session.user.id;
			await api.db.pool.query("insert into project_members (project_id, user_id, role) values ($1, $2, $3)", [project.id, userId, role]);
			if (planId !== undefined)
				await api.db.pool.query("insert into plan_collaborators (project_id, plan_id, user_id, role) values ($1, $2, $3, 'viewer')", [
					project.id,
					planId,
					userId,
				]);
			return { ...member, userId };
		};
		const callers = {
			owner: { ...owner.caller, userId: owner.session?.user.id ?? "" },
			editor: await join("editor"),
			viewer: await join("viewer"),
			"viewer of the private plan": await join("viewer", secret.planId),
			"guest of the open plan": await join("guest", open.planId),
			"guest of the private plan": await join("guest", secret.planId),
		};
		const settled = "select count(*)::int as number from events where position is null";
		await eventually("what was built is stamped", async () => (await api.db.pool.query(settled)).rows[0].number === 0);
		const pages: Record<string, Awaited<ReturnType<typeof openPage>>> = {};
		for (const [name, caller] of Object.entries(callers)) {
			const page = await openPage(caller);
			await page.subscribe(project.id);
			pages[name] = page;
		}
		return { owner, call, base, project, open, secret, callers, pages };
	};

	test("every act by every role", { timeout: 30_000 }, async () => {
		const { call, base, project, open, secret, callers, pages } = await build();
		const members = ["owner", "editor", "viewer", "viewer of the private plan"];
		const inOpen = [...members, "guest of the open plan"];
		const inSecret = ["owner", "viewer of the private plan", "guest of the private plan"];
		const everybody = Object.keys(callers);
		const post = async (path: string, body: unknown): Promise<string> => {
			const reply = await call("POST", `${base}${path}`, { body });
			expect(reply.status, path).toBeLessThan(300);
			return reply.body.id;
		};
		const goalId = await post("/goals", { title: "Grow" });
		const agentId = await post("/agents", { name: "Echo" });
		const ask = (nodeId: string) => post("/requests", { node_id: nodeId, question: "How?", targets: [{ agent_id: agentId }] });
		const decision = (nodeId: string) => post("/decisions", { node_id: nodeId, question: "Go on?" });
		await call("PATCH", base, { body: { name: "Renamed" } });
		await call("PATCH", `${base}/plans/${open.planId}`, { body: { title: "Opener" } });
		await call("PATCH", `${base}/plans/${secret.planId}`, { body: { title: "More secret" } });
		const expected: [entity: string, id: string, hearers: string[]][] = [
			["project", project.id, everybody],
			["plan", open.planId, inOpen],
			["plan", secret.planId, inSecret],
			["goal", goalId, members],
			["agent", agentId, members],
			["comment", await post(`/nodes/${open.nodeId}/comments`, { text: "Hello" }), inOpen],
			["comment", await post(`/nodes/${secret.nodeId}/comments`, { text: "Hello" }), inSecret],
			["log", await post(`/nodes/${open.nodeId}/logs`, { kind: "progress", text: "Half" }), inOpen],
			["log", await post(`/nodes/${secret.nodeId}/logs`, { kind: "progress", text: "Half" }), inSecret],
			["request", await ask(open.nodeId), inOpen],
			["request", await ask(secret.nodeId), inSecret],
			["decision", await decision(open.nodeId), inOpen],
			["decision", await decision(secret.nodeId), inSecret],
			["invitation", await post("/invitations", { email: address(), role: "viewer" }), members],
		];
		await call("POST", `${base}/goals/${goalId}/links`, { body: { plan_id: open.planId } });
		// The last one is heard by all, and in order.
		await call("PATCH", base, { body: { name: "Renamed again" } });
		const heard = (name: string) =>
			(pages[name]?.messages ?? []).flatMap((message) => (message.type === "changed" ? [`${message.entity} ${message.id}`] : []));
		for (const name of everybody)
			await eventually(`${name} hears the last act`, () => heard(name).filter((one) => one === `project ${project.id}`).length === 2);
		for (const name of everybody) {
			const told = new Set(heard(name));
			for (const [entity, id, hearers] of expected)
				expect([entity, id, told.has(`${entity} ${id}`)], name).toEqual([entity, id, hearers.includes(name)]);
			expect(
				pages[name]?.messages.some(({ type }) => type === "reset"),
				name,
			).toBe(false);
		}
	});

	test("whoever sees less from now on is told to read everything again, and hears no more of it", { timeout: 30_000 }, async () => {
		const { call, base, open, callers, pages } = await build();
		const { editor, viewer, "guest of the open plan": guest, "guest of the private plan": other } = pages;
		await call("PUT", `${base}/plans/${open.planId}/visibility`, { body: { visibility: "private" } });
		await editor?.until(({ type }) => type === "reset");
		await viewer?.until(({ type }) => type === "reset");
		const ofOpen = (page: typeof guest) =>
			page?.messages.filter((message) => message.type === "changed" && message.id === open.planId).length;
		await guest?.until((message) => message.type === "changed" && message.id === open.planId);
		expect(guest?.messages.some(({ type }) => type === "reset")).toBe(false);
		expect(other?.messages).toHaveLength(1);
		const before = ofOpen(viewer);

		await call("PATCH", `${base}/plans/${open.planId}`, { body: { title: "Hidden" } });
		await eventually("the guest hears of it", () => ofOpen(guest) === 2);
		expect(ofOpen(viewer)).toBe(before);

		await call("PATCH", `${base}/members/${callers["guest of the open plan"].userId}`, { body: { role: "viewer" } });
		await guest?.until(({ type }) => type === "reset");
		const { body: goal } = await call("POST", `${base}/goals`, { body: { title: "Seen at once" } });
		await guest?.until((message) => message.type === "changed" && message.id === goal.id);
		await call("DELETE", `${base}/members/${callers.viewer.userId}`);
		await viewer?.until(({ type }) => type === "refused");
	});
});
