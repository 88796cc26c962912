import { randomUUID } from "node:crypto";
import { CreateGoalInput, TimelinePage, TimelineQuery } from "@agentplanner/contracts";
import { eq, events, planCollaborators, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createComment } from "../comments/create-comment.ts";
import { inTransaction, type ProjectContext, userIdOf } from "../context.ts";
import { addDependency } from "../dependencies/add-dependency.ts";
import { NotFoundError } from "../errors.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { createGoal } from "../goals/create-goal.ts";
import { linkGoal } from "../goals/link-goal.ts";
import { createLog } from "../logs/create-log.ts";
import { createPlanInvitation } from "../members/create-plan-invitation.ts";
import { updateNode } from "../plans/update-node.ts";
import { updateProject } from "../projects/update-project.ts";
import { askAndDispatch, attempt, buildScene, sayAndRecord } from "../requests/testing.ts";
import { buildAgent, buildMember, buildNode } from "../testing.ts";
import { getNodeTimeline, getPlanTimeline, getProjectTimeline } from "./get-timeline.ts";
import { scanLimit } from "./read-timeline.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const query = (asked: Record<string, unknown> = {}) => TimelineQuery.parse(asked);
const types = ({ items }: TimelinePage) => items.map(({ type }) => type);
const stamp = async () => {
	while ((await stampEvents(database.db)) !== 0);
};
const hide = (planId: string) => database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, planId));
const join = async (ctx: ProjectContext, planId: string, role: "viewer" | "editor") => {
	const row = { projectId: ctx.projectId, planId, userId: userIdOf(ctx.actor) ?? "", role };
	await database.db.orm.insert(planCollaborators).values(row);
};

/** One node with a comment, a log and an answered request, and another node of the same plan. */
const buildHistory = async () => {
	const scene = await buildScene(database.db);
	const { owner, projectId, node } = scene;
	const other = await buildNode(database.db, projectId, { planId: node.planId, title: "Other", position: "a1" });
	await updateProject(owner, { name: "Renamed" }, null);
	await updateNode(owner, other.id, { title: "Another" }, null);
	await createComment(owner, { nodeId: node.id }, { text: "Is it right?", parent_id: null });
	await createLog(owner, node.id, { kind: "progress", text: "Half done" }, null);
	const request = await askAndDispatch(scene);
	await attempt(scene, request.deliveryIds[0]);
	await sayAndRecord(scene, request.deliveryIds[0], "answer");
	await stamp();
	return { ...scene, other, requestId: request.id };
};

describe("a timeline", () => {
	test("says who did what, to what and where, newest first", async () => {
		const { owner, node, requestId } = await buildHistory();
		const page = TimelinePage.parse(await getNodeTimeline(owner, node.id, query()));
		expect(page.items.map(({ position }) => position)).toEqual(
			page.items.map(({ position }) => position).toSorted((one, two) => two - one),
		);
		const of = (type: string) => page.items.find((item) => item.type === type);
		expect(of("comment.created")).toMatchObject({
			group: "comment",
			actor: { kind: "user", id: userIdOf(owner.actor), name: "owner" },
			subject: { type: "comment", title: "Is it right?" },
			node: { id: node.id, title: "Write the announcement" },
			plan: { id: node.planId, title: "Launch" },
		});
		expect(of("node.logged")).toMatchObject({ group: "log", subject: { title: "Half done" } });
		expect(of("agent.request.created")).toMatchObject({
			group: "request",
			subject: { title: "What shall we write?" },
			agent_request_id: requestId,
		});
		expect(of("agent.response.received")).toMatchObject({ actor: { kind: "agent" }, agent_request_id: requestId });
		expect(of("agent.request.dispatched")).toMatchObject({ actor: { kind: "system", id: null, name: "AgentPlanner" } });
		expect(of("message.delivery.delivered")).toMatchObject({ group: "message", subject: { title: expect.stringContaining("Webhook") } });
		expect(types(page)).not.toContain("node.updated");
	});

	test("of a plan holds all its nodes', of a project all its plans' and its own", async () => {
		const { owner, node } = await buildHistory();
		const ofPlan = types(await getPlanTimeline(owner, node.planId, query()));
		expect(ofPlan).toEqual(expect.arrayContaining(["node.updated", "comment.created"]));
		expect(ofPlan).not.toContain("project.updated");
		const ofProject = types(await getProjectTimeline(owner, query()));
		expect(ofProject).toEqual(expect.arrayContaining(["project.updated", "node.updated", "comment.created"]));
	});

	test("is read page by page, each event once", async () => {
		const { owner, node } = await buildHistory();
		const all = await getNodeTimeline(owner, node.id, query());
		expect(all.next_cursor).toBeNull();
		const paged: string[] = [];
		let cursor: number | undefined;
		do {
			const page = await getNodeTimeline(owner, node.id, query({ limit: 2, cursor }));
			paged.push(...page.items.map(({ id }) => id));
			cursor = page.next_cursor ?? undefined;
		} while (cursor !== undefined);
		expect(paged).toEqual(all.items.map(({ id }) => id));
	});

	test("shows what kinds and whose one asks for", async () => {
		const { owner, node, agents } = await buildHistory();
		expect(types(await getNodeTimeline(owner, node.id, query({ groups: "log,comment" })))).toEqual(["node.logged", "comment.created"]);
		const agents_ = await getNodeTimeline(owner, node.id, query({ actor_id: agents[0]?.id }));
		expect(new Set(agents_.items.map(({ actor }) => actor.id))).toEqual(new Set([agents[0]?.id]));
		expect(await getNodeTimeline(owner, node.id, query({ groups: "decision" }))).toEqual({ items: [], next_cursor: null });
	});
});

describe("a private plan", () => {
	test("is on nobody's timeline but of those who see it", async () => {
		const { owner, projectId, node } = await buildHistory();
		await hide(node.planId);
		const [viewer, admin] = [await buildMember(database.db, projectId, "viewer"), await buildMember(database.db, projectId, "admin")];
		expect(types(await getProjectTimeline(viewer, query()))).toEqual(["project.updated"]);
		expect(types(await getProjectTimeline(admin, query()))).toContain("comment.created");
		await expect(getPlanTimeline(viewer, node.planId, query())).rejects.toThrow(NotFoundError);
		await expect(getNodeTimeline(viewer, node.id, query())).rejects.toThrow(NotFoundError);
		await join(viewer, node.planId, "viewer");
		expect(types(await getProjectTimeline(viewer, query()))).toContain("comment.created");
		expect(types(await getProjectTimeline(owner, query()))).toContain("comment.created");
	});

	test("hides its nodes' names where another plan's timeline tells of what waits for them", async () => {
		const { owner, projectId, node } = await buildHistory();
		const viewer = await buildMember(database.db, projectId, "viewer");
		const hidden = await buildNode(database.db, projectId, { title: "Secret" });
		await addDependency(owner, node.id, { node_id: hidden.id, relation: "blocked_by" });
		await hide(hidden.planId);
		await stamp();
		const told = async (ctx: ProjectContext) =>
			(await getNodeTimeline(ctx, node.id, query())).items.find(({ type }) => type === "node.dependency.added")?.other;
		expect(await told(owner)).toEqual({ id: hidden.id, title: "Secret" });
		expect(await told(viewer)).toEqual({ id: hidden.id, title: null });
	});

	test("is all that a guest reads, and nothing of the project itself", async () => {
		const { projectId, node } = await buildHistory();
		const guest = await buildMember(database.db, projectId, "guest");
		expect(await getProjectTimeline(guest, query())).toEqual({ items: [], next_cursor: null });
		await join(guest, node.planId, "viewer");
		const read = types(await getProjectTimeline(guest, query()));
		expect(read).toContain("comment.created");
		expect(read).not.toContain("project.updated");
	});

	test("tells whom it was offered to those alone who may share it", async () => {
		const { owner, projectId, node } = await buildHistory();
		const viewer = await buildMember(database.db, projectId, "viewer");
		const [editor, manager] = [await buildMember(database.db, projectId, "viewer"), await buildMember(database.db, projectId, "viewer")];
		await join(editor, node.planId, "editor");
		await database.db.orm
			.update(plans)
			.set({ ownerUserId: userIdOf(manager.actor) })
			.where(eq(plans.id, node.planId));
		await inTransaction(owner, (tx) => {
			const row = { email: "grace@example.org", role: "viewer" as const };
			return createPlanInvitation(tx, { id: node.planId, title: "Launch" }, row);
		});
		await stamp();
		for (const [ctx, told] of [
			[owner, true],
			[manager, true],
			[editor, false],
			[viewer, false],
		] as const)
			for (const read of [() => getPlanTimeline(ctx, node.planId, query()), () => getProjectTimeline(ctx, query())]) {
				const said = types(await read());
				expect(said).toContain("comment.created");
				expect(said.includes("invitation.created")).toBe(told);
			}
	});

	test("says nothing of the goals that it leads to, to whom may not read them", async () => {
		const { owner, projectId, node, agents } = await buildHistory();
		const guest = await buildMember(database.db, projectId, "guest");
		await join(guest, node.planId, "editor");
		const goal = await createGoal(owner, CreateGoalInput.parse({ title: "Outgrow them" }));
		await linkGoal(owner, goal.id, { plan_id: node.planId, node_id: node.id });
		await stamp();
		const token = { type: "token" as const, tokenId: randomUUID(), projectId, scopes: ["activity:read" as const], userId: null };
		const agent = { ...owner, actor: { ...token, agentId: agents[0]?.id ?? "", name: "Agent" } };
		for (const [ctx, told] of [
			[owner, true],
			[await buildMember(database.db, projectId, "viewer"), true],
			[guest, false],
			[agent, false],
		] as const)
			for (const read of [
				() => getNodeTimeline(ctx, node.id, query()),
				() => getPlanTimeline(ctx, node.planId, query()),
				() => getProjectTimeline(ctx, query()),
			]) {
				const said = types(await read());
				expect(said).toContain("comment.created");
				expect(said.includes("goal.linked")).toBe(told);
			}
	});
});

test("an agent's token reads of requests and responses its own alone", async () => {
	const { owner, projectId, node, agents } = await buildHistory();
	const titlesFor = async (agentId: string) => {
		const token = { type: "token" as const, tokenId: crypto.randomUUID(), projectId, scopes: ["activity:read" as const], userId: null };
		const { items } = await getNodeTimeline({ ...owner, actor: { ...token, agentId, name: "Agent" } }, node.id, query());
		const ofKind = (kind: string) => [...new Set(items.flatMap(({ subject }) => (subject.type === kind ? [subject.title] : [])))];
		return [...ofKind("request"), ...ofKind("response"), ...ofKind("comment")];
	};
	const asked = await titlesFor(agents[0]?.id ?? "");
	expect(asked).toEqual([expect.any(String), expect.any(String), "Is it right?"]);
	expect(await titlesFor((await buildAgent(database.db, projectId)).id)).toEqual([null, null, "Is it right?"]);
});

describe("with a hundred thousand events", () => {
	const count = 100_000;
	const build = async () => {
		const scene = await buildScene(database.db);
		const { projectId, node } = scene;
		await stamp();
		const actor = JSON.stringify(scene.owner.actor);
		await database.db.pool.query(
			`insert into events (project_id, plan_id, node_id, type, subject_type, subject_id, data, actor, position)
			select $1, $2, case when n % 100 = 0 then $3::uuid end, case when n = 1 then 'comment.created' else 'node.updated' end,
				case when n = 1 then 'comment' else 'node' end, $3,
				case when n = 1 then jsonb_build_object('plan_id', $2::uuid, 'node_id', $3::uuid, 'parent_id', null) else jsonb_build_object('plan_id', $2::uuid, 'version', n) end, $4, (select coalesce(max(position), 0) from events) + n
			from generate_series(1, $5::int) n`,
			[projectId, node.planId, node.id, actor, count],
		);
		// What happened since, elsewhere in the installation.
		await database.db.pool.query(
			`insert into events (project_id, type, subject_type, subject_id, data, actor, position)
			select uuidv7(), 'project.updated', 'project', uuidv7(), '{}', '{}', (select max(position) from events) + n from generate_series(1, 20000) n`,
		);
		await database.db.pool.query("analyze events");
		return scene;
	};

	/** What Postgres did for each query that the call made of `events`: the kinds of its steps, and how many events it read. */
	const explain = async (ctx: ProjectContext, call: (ctx: ProjectContext) => Promise<unknown>) => {
		const plansOf: { nodes: string[]; read: number }[] = [];
		const walk = (node: Record<string, unknown>): Record<string, unknown>[] => [
			node,
			...((node.Plans as Record<string, unknown>[] | undefined) ?? []).flatMap(walk),
		];
		const db = Object.create(ctx.db, {
			execute: {
				value: async (statement: Parameters<typeof ctx.db.execute>[0]) => {
					const { rows } = await ctx.db.execute<{ "QUERY PLAN": { Plan: Record<string, unknown> }[] }>(
						sql`explain (analyze, format json, buffers off) ${statement}`,
					);
					const steps = walk(rows[0]?.["QUERY PLAN"][0]?.Plan ?? {});
					const ofEvents = steps.filter((step) => step["Relation Name"] === "events");
					plansOf.push({
						nodes: ofEvents.map((step) => `${String(step["Node Type"])} ${String(step["Index Name"])}`),
						read: Math.max(...ofEvents.map((step) => Number(step["Actual Rows"]) + Number(step["Rows Removed by Filter"] ?? 0))),
					});
					return ctx.db.execute(statement);
				},
			},
		});
		await call({ ...ctx, db });
		return plansOf;
	};

	test("a page is read by an index and as far as it goes, and what is rare is looked for in steps", async () => {
		const { owner, projectId, node } = await build();
		const step = (index: string) => expect.stringMatching(new RegExp(`^Index (Only )?Scan.* ${index}$`));
		const [ofPlan] = await explain(owner, (ctx) => getPlanTimeline(ctx, node.planId, query({ limit: 50 })));
		expect(ofPlan).toEqual({ nodes: [step("events_plan_position_index")], read: 51 });
		const viewer = await buildMember(database.db, projectId, "viewer");
		const [ofViewer] = await explain(viewer, (ctx) => getPlanTimeline(ctx, node.planId, query({ limit: 50 })));
		expect(ofViewer).toEqual(ofPlan);
		const [ofNode] = await explain(owner, (ctx) => getNodeTimeline(ctx, node.id, query({ limit: 50, cursor: count / 2 })));
		expect(ofNode).toEqual({ nodes: [step("events_node_position_index")], read: 51 });
		const [ofProject] = await explain(owner, (ctx) => getProjectTimeline(ctx, query({ limit: 50 })));
		expect(ofProject?.nodes).toEqual([step("events_project_position_index"), step("events_project_position_index")]);
		expect(ofProject?.read).toBeLessThanOrEqual(scanLimit);

		let cursor: number | undefined;
		let pages = 0;
		const found: string[] = [];
		do {
			const page = await getPlanTimeline(owner, node.planId, query({ groups: "comment", cursor }));
			found.push(...types(page));
			cursor = page.next_cursor ?? undefined;
			pages += 1;
		} while (cursor !== undefined);
		expect(found).toEqual(["comment.created"]);
		expect(pages).toBe(count / scanLimit + 1);
		expect(await database.db.orm.$count(events, eq(events.planId, node.planId))).toBe(count);
	});
});
