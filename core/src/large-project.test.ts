import { agentScopes, TimelineQuery } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listAssignments } from "./assignments/list-assignments.ts";
import { listAudit } from "./audit/list-audit.ts";
import { listClaims } from "./claims/list-claims.ts";
import { listComments } from "./comments/list-comments.ts";
import type { ProjectContext } from "./context.ts";
import { listDecidable } from "./decisions/list-decidable.ts";
import { listDecisions } from "./decisions/list-decisions.ts";
import { listDeliveries } from "./deliveries/list-deliveries.ts";
import { listNodeDependencies } from "./dependencies/list-node-dependencies.ts";
import { listPlanDependencies } from "./dependencies/list-plan-dependencies.ts";
import { ForbiddenError } from "./errors.ts";
import { listEvents } from "./events/list-events.ts";
import { listGoals } from "./goals/list-goals.ts";
import { listLogs } from "./logs/list-logs.ts";
import { listDeletedNodes } from "./plans/list-deleted-nodes.ts";
import { listNodes } from "./plans/list-nodes.ts";
import { listPlanChanges } from "./plans/list-plan-changes.ts";
import { listPlans } from "./plans/list-plans.ts";
import { listRequests } from "./requests/list-requests.ts";
import { buildAgent, buildIntegration, buildMember, buildProject, userIdOf } from "./testing.ts";
import { createRowCounter } from "./testing-explain.ts";
import { getProjectTimeline } from "./timelines/get-timeline.ts";
import { scanLimit } from "./timelines/read-timeline.ts";

/*
 * Two projects of 400 plans with 40 nodes each, and of everything else one for each node: 32,000 rows in every table. What is
 * newest stands in the other project. Every third plan is private; each is shared with a member, and some with a guest.
 */

const plansOfProject = 400;
const nodesOfPlan = 40;
const members = 300;
const agents = 50;

let database: TestDatabase;
let count: ReturnType<typeof createRowCounter>;
let owner: ProjectContext;
let viewer: ProjectContext;
let guest: ProjectContext;
let agent: ProjectContext;
let planId: string;
let nodeId: string;
let agentId: string;
let requestId: string;

/** One of the project's, by chance. */
const anAgent = sql`agent_ids[1 + floor(random() * ${agents}::int)::int]`;
const withAgents = (rows: SQL) =>
	sql`(select *, (select array_agg(id) from agents where agents.project_id = chosen.project_id) as agent_ids from ${rows} chosen) chosen`;

const fill = async ({ projectId, db }: ProjectContext) => {
	const { id: integrationId } = await buildIntegration(database.db, projectId);
	const { id: agentId } = await buildAgent(database.db, projectId);
	const statements = [
		sql`with person as (insert into users (name, email) select 'M' || n, n || ${projectId} || '@example.org' from generate_series(1, ${members}::int) n returning id)
			insert into project_members (project_id, user_id, role) select ${projectId}, id, 'viewer' from person`,
		sql`insert into agents (project_id, name) select ${projectId}, 'A' || n from generate_series(2, ${agents}::int) n`,
		sql`insert into plans (project_id, title, visibility) select ${projectId}, 'P' || n, case when n % 3 = 0 then 'private' else 'project' end
			from generate_series(1, ${plansOfProject}::int) n`,
		sql`insert into plan_collaborators (project_id, plan_id, user_id, role)
			select plan.project_id, plan.id, member.user_id, 'viewer'
			from (select *, row_number() over (order by id) % ${members}::int as n from plans where project_id = ${projectId}) plan
			join (select *, row_number() over (order by user_id) - 1 as n from project_members where project_id = ${projectId} and role = 'viewer') member using (n)`,
		sql`insert into plan_nodes (project_id, plan_id, kind, title, position, deleted_at)
			select project_id, id, 'task', 'N' || n, 'a' || lpad(n::text, 3, '0') || 'V', case when n % 25 = 0 then now() end
			from plans, generate_series(1, ${nodesOfPlan}::int) n where project_id = ${projectId}`,
		sql`insert into plan_node_labels (project_id, plan_id, node_id, label)
			select project_id, plan_id, id, 'label ' || (random() * 50)::int from plan_nodes where project_id = ${projectId}`,
		sql`insert into plan_comments (project_id, plan_id, node_id, text, written_by)
			select project_id, plan_id, case when random() < 0.9 then id end, 'C', 'Ada' from plan_nodes where project_id = ${projectId}`,
		sql`insert into plan_node_logs (project_id, plan_id, node_id, kind, text, written_by)
			select project_id, plan_id, id, 'progress', 'L', 'Ada' from plan_nodes where project_id = ${projectId}`,
		sql`insert into node_assignments (project_id, plan_id, node_id, agent_id, assigned_by)
			select project_id, plan_id, id, ${anAgent}, 'Ada' from ${withAgents(sql`plan_nodes`)} where project_id = ${projectId}`,
		sql`insert into node_assignments (project_id, plan_id, node_id, user_id, assigned_by)
			select project_id, plan_id, id, person_ids[1 + floor(random() * ${members}::int)::int], 'Ada'
			from (select *, (select array_agg(user_id) from project_members member where member.project_id = node.project_id) as person_ids from plan_nodes node) node
			where project_id = ${projectId}`,
		sql`insert into node_claims (project_id, plan_id, node_id, agent_id, fence, lease_seconds, lease_until, status_before, ended_at, ended_as)
			select project_id, plan_id, id, ${anAgent}, 1, 300, now() + interval '1 hour', 'not_started',
				case when open then null else now() end, case when open then null else 'released' end
			from ${withAgents(sql`(select *, random() < 0.1 as open from plan_nodes where project_id = ${projectId})`)}`,
		sql`insert into plan_node_dependencies (project_id, kind, upstream_id, downstream_id)
			select project_id, 'blocks', id, later from (
				select project_id, id, lead(id) over (partition by plan_id order by position) as later from plan_nodes where project_id = ${projectId}
			) chain where later is not null`,
		sql`insert into agent_requests (project_id, plan_id, node_id, question, answer_policy, asked_by, deadline_at, status, closed_at)
			select project_id, plan_id, id, 'Q', '{"kind":"first"}', 'Ada', now(), case when open then 'queued' else 'completed' end, case when open then null else now() end
			from (select *, random() < 0.1 as open from plan_nodes where project_id = ${projectId}) node`,
		sql`insert into message_deliveries (project_id, agent_request_id, kind, integration_id, agent_id, content)
			select project_id, id, 'request', ${integrationId}, ${anAgent}, '{}' from ${withAgents(sql`agent_requests`)} where project_id = ${projectId}`,
		sql`insert into decision_requests (project_id, plan_id, node_id, question, options, on_expiry, asked_by, status, closed_at, option_id)
			select project_id, plan_id, id, 'D', '[]', 'wait', 'Ada', case when open then 'pending' else 'decided' end,
				case when open then null else now() end, case when open then null else 'approve' end
			from (select *, random() < 0.1 as open from plan_nodes where project_id = ${projectId}) node`,
		sql`insert into goals (project_id, title) select ${projectId}, 'G' || n from generate_series(1, 200) n`,
		sql`insert into goal_links (project_id, goal_id, plan_id)
			select plan.project_id, goal.id, plan.id from plans plan join lateral (
				select id from goals where project_id = plan.project_id order by md5(goals.id::text || plan.id::text) limit 1
			) goal on true where plan.project_id = ${projectId}`,
		sql`insert into plan_changes (project_id, plan_id, kind, nodes, title, steps, made_by)
			select project_id, plan_id, 'move', 1, title, '{"kind":"move","from":[]}', 'Ada' from plan_nodes where project_id = ${projectId}`,
		sql`insert into events (project_id, plan_id, node_id, type, subject_type, subject_id, data, actor, position)
			select project_id, plan_id, id, 'node.updated', 'node', id, '{}', '{}', (select coalesce(max(position), 0) from events) + row_number() over ()
			from plan_nodes where project_id = ${projectId}`,
		sql`insert into audit_logs (project_id, type, subject_type, subject_id, data, actor, position)
			select project_id, 'member.added', 'member', id, '{}', '{}', (select coalesce(max(position), 0) from audit_logs) + row_number() over ()
			from plan_nodes where project_id = ${projectId}`,
	];
	await db.transaction(async (tx) => {
		// Checks and triggers would take most of the time.
		await tx.execute(sql`set local session_replication_role = replica`);
		for (const statement of statements) await tx.execute(statement);
	});
	return agentId;
};

beforeAll(async () => {
	database = await createTestDatabase();
	count = createRowCounter(database.db);
	owner = await buildProject(database.db);
	agentId = await fill(owner);
	await fill(await buildProject(database.db));
	const { projectId, db } = owner;
	const one = async (statement: ReturnType<typeof sql>) => (await db.execute<{ id: string }>(statement)).rows[0]?.id ?? "";
	planId = await one(sql`select id from plans where project_id = ${projectId} and visibility = 'project' order by id offset 100 limit 1`);
	nodeId = await one(sql`select id from plan_nodes where plan_id = ${planId} and deleted_at is null limit 1`);
	requestId = await one(sql`select id from agent_requests where node_id = ${nodeId}`);
	viewer = await buildMember(database.db, projectId, "viewer");
	guest = await buildMember(database.db, projectId, "guest");
	await db.execute(sql`insert into plan_collaborators (project_id, plan_id, user_id, role)
		select ${projectId}, id, ${userIdOf(guest)}, 'viewer' from plans where project_id = ${projectId} order by id <> ${planId}, md5(id::text) limit 20`);
	agent = {
		...owner,
		actor: { type: "token", tokenId: crypto.randomUUID(), projectId, scopes: [...agentScopes], userId: null, agentId, name: "Agent" },
	};
	await database.db.pool.query("vacuum analyze");
}, 120_000);
afterAll(() => database.drop());

const page = { limit: 50 };
const actors = { owner: () => owner, viewer: () => viewer, guest: () => guest, agent: () => agent };

const lists: [what: string, list: (ctx: ProjectContext) => Promise<unknown>, most?: number][] = [
	["plans", (ctx) => listPlans(ctx, page)],
	["plans in one status", (ctx) => listPlans(ctx, { ...page, status: "active" })],
	["deleted plans", (ctx) => listPlans(ctx, { ...page, deleted: true })],
	["nodes", (ctx) => listNodes(ctx, page)],
	["nodes of a plan", (ctx) => listNodes(ctx, { ...page, plan_id: planId })],
	["nodes with a label", (ctx) => listNodes(ctx, { ...page, label: "label 7" })],
	["deleted nodes", (ctx) => listDeletedNodes(ctx, planId, page)],
	["changes", (ctx) => listPlanChanges(ctx, planId, page)],
	// How far a goal is takes the nodes of the plans that it is linked to.
	["goals", (ctx) => listGoals(ctx, page), 20_000],
	["goals of a plan", (ctx) => listGoals(ctx, { ...page, plan_id: planId })],
	["comments on a node", (ctx) => listComments(ctx, { nodeId }, page)],
	["comments on a plan", (ctx) => listComments(ctx, { planId }, page)],
	["logs", (ctx) => listLogs(ctx, nodeId, page)],
	["claims", (ctx) => listClaims(ctx, page)],
	["claims in a plan", (ctx) => listClaims(ctx, { ...page, plan_id: planId })],
	["claims of an agent", (ctx) => listClaims(ctx, { ...page, agent_id: agentId })],
	["assignments", (ctx) => listAssignments(ctx, page)],
	["assignments in a plan", (ctx) => listAssignments(ctx, { ...page, plan_id: planId })],
	["assignments of an agent", (ctx) => listAssignments(ctx, { ...page, agent_id: agentId })],
	["assignments of a member", (ctx) => listAssignments(ctx, { ...page, user_id: userIdOf(viewer) })],
	["dependencies of a node", (ctx) => listNodeDependencies(ctx, nodeId, page)],
	["dependencies of a plan", (ctx) => listPlanDependencies(ctx, planId, page)],
	["requests", (ctx) => listRequests(ctx, page)],
	["requests about a node", (ctx) => listRequests(ctx, { ...page, node_id: nodeId })],
	["requests in one status", (ctx) => listRequests(ctx, { ...page, status: "queued" })],
	["deliveries", (ctx) => listDeliveries(ctx, page)],
	["deliveries of a request", (ctx) => listDeliveries(ctx, { ...page, agent_request_id: requestId })],
	["decisions", (ctx) => listDecisions(ctx, page)],
	["decisions about a node", (ctx) => listDecisions(ctx, { ...page, node_id: nodeId })],
	["pending decisions", (ctx) => listDecisions(ctx, { ...page, status: "pending" })],
	["decisions that wait for one", (ctx) => listDecidable(ctx, userIdOf(owner), 50)],
	["events", (ctx) => listEvents(ctx, { limit: 50, cursor: 0 })],
	["events about one thing", (ctx) => listEvents(ctx, { limit: 50, cursor: 0, subject_id: nodeId })],
	["what happened in the project", (ctx) => getProjectTimeline(ctx, TimelineQuery.parse({})), 2 * scanLimit],
	["audit", (ctx) => listAudit(ctx, { limit: 50, cursor: 0, order: "newest" })],
];

test.each(lists)("%s: whoever asks, little more is looked at than is shown", async (_what, list, most = 5_000) => {
	for (const [who, ctx] of Object.entries(actors)) {
		const counts = await count(() => list(ctx())).catch((error: unknown) => {
			if (error instanceof ForbiddenError && who !== "owner") return {};
			throw error;
		});
		if (who === "owner") expect(Object.keys(counts)).not.toEqual([]);
		for (const [table, rows] of Object.entries(counts)) {
			expect.soft(rows, `rows of ${table}, for the ${who}`).toBeLessThanOrEqual(most);
		}
	}
});
