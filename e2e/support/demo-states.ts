import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "../../scripts/testing/eventually.ts";
import { join } from "./join.ts";
import type { Person } from "./person.ts";

const report = `Two steps of the plan are at risk:

| Step | State | What to do |
| --- | --- | --- |
| Release notes | late by 2 days | ask Lin to finish the **API** part |
| Support briefing | no owner | name somebody today |

Everything else is on time. Run \`npm run check:links\` before the notes go out.`;

type Answer = { status: number; body?: Record<string, unknown> };

/** How each of the doubles answers a question. */
const answers = {
	Researcher: { status: 200, body: { type: "answer", text: report } },
	Overloaded: { status: 503, body: { error: "Too much to do" } },
	Strict: { status: 400, body: { error: "There is no model of that name" } },
	Guarded: { status: 401, body: { error: "Who are you?" } },
	Asking: { status: 200, body: { type: "input_required", text: "Which of the two audiences is it for: **users** or *partners*?" } },
	Busy: { status: 200, body: { type: "working", text: "Reading 14 of 32 pages." } },
	Gone: { status: 410 },
} satisfies Record<string, Answer>;
type Name = keyof typeof answers;

const startDoubles = async () => {
	const server = createServer((request, response) => {
		request.resume();
		const { status, body }: Answer = answers[new URL(request.url ?? "/", "http://double").pathname.slice(1) as Name];
		response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};

type Row = { id: string; title: string; kind: string };

export type DemoStates = {
	/** Where each screen is. */
	paths: Record<string, string>;
	close(): Promise<void>;
};

/** Fills the demo project with a request in every state that people meet, decisions, tokens, members and an invitation. */
export const buildDemoStates = async (url: string, owner: Person): Promise<DemoStates> => {
	const project = `/projects/${owner.projectId}`;
	const doubles = await startDoubles();
	const plans = await owner.must<{ items: Row[] }>("GET", `${project}/plans`);
	const planId = plans.items[0]?.id ?? "";
	const { nodes } = await owner.must<{ nodes: Row[] }>("GET", `${project}/plans/${planId}`);
	const tasks = nodes.filter(({ kind }) => kind === "task");

	const integrationIds = new Map<Name, string>();
	const ask = async (name: Name, question: string, task: number): Promise<string> => {
		const integration = await owner.must<Row>("POST", `${project}/integrations`, {
			adapter: "webhook",
			name: `${name} agent`,
			settings: { url: `${doubles.url}/${name}` },
		});
		integrationIds.set(name, integration.id);
		const agent = await owner.must<Row>("POST", `${project}/agents`, { name });
		await owner.must("PUT", `${project}/agents/${agent.id}/routes`, { routes: [{ integration_id: integration.id }] });
		const { id } = await owner.must<Row>("POST", `${project}/requests`, {
			node_id: tasks[task % tasks.length]?.id,
			question,
			targets: [{ agent_id: agent.id }],
		});
		return id;
	};
	const requests: Record<Name, string> = {
		Gone: await ask("Gone", "Who still has the old press contacts?", 5),
		Guarded: await ask("Guarded", "Which customers asked for shared workspaces?", 4),
		Strict: await ask("Strict", "Translate the release notes into German.", 3),
		Overloaded: await ask("Overloaded", "Check every link in the announcement.", 2),
		Busy: await ask("Busy", "Collect what the press wrote about the last release.", 1),
		Asking: await ask("Asking", "Write three headlines for the announcement.\nNo puns, please.", 0),
		Researcher: await ask("Researcher", "What could still delay the release?", 1),
	};
	const settled: Partial<Record<Name, (request: Overview) => boolean>> = {
		Gone: ({ deliveries }) => deliveries.held === 1,
		Guarded: ({ deliveries }) => deliveries.held === 1,
		Strict: ({ status }) => status === "failed",
		Overloaded: ({ deliveries }) => deliveries.retrying === 1,
		Busy: ({ status }) => status === "working",
		Asking: ({ status }) => status === "input_required",
		Researcher: ({ status }) => status === "completed",
	};
	for (const [name, isSettled] of Object.entries(settled))
		await eventually(`${name} has said its part`, async () => {
			const path = `${project}/requests/${requests[name as Name]}`;
			return isSettled((await owner.must<{ request: Overview }>("GET", path)).request);
		});

	await join(url, owner, { email: "grace@example.org", name: "Grace Hopper", role: "editor" });
	await join(url, owner, { email: "edsger@example.org", name: "Edsger Dijkstra", role: "viewer" });
	const token = (name: string, scopes: string[], expires_at?: null) =>
		owner.must<Row>("POST", `${project}/tokens`, { name, scopes, ...(expires_at === null ? { expires_at } : {}) });
	await token("Release dashboard", ["plans:read", "requests:read"], null);
	await token("Nightly questions", ["plans:read", "agents:read", "requests:read", "requests:create"]);
	const old = await token("Old laptop", ["plans:read"]);
	await owner.must("DELETE", `${project}/tokens/${old.id}`);
	for (const [email, role] of [
		["lin@example.org", "admin"],
		["sam@example.org", "viewer"],
	])
		await owner.must("POST", `${project}/invitations`, { email, role });

	const decidedAbout = tasks[2]?.id;
	const day = new Date(Date.now() + 26 * 3_600_000).toISOString();
	const request = (body: Record<string, unknown>) => owner.must<Row>("POST", `${project}/decisions`, { node_id: decidedAbout, ...body });
	const made = await request({ question: "Do we name the customer in the second headline?" });
	await owner.must("POST", `${project}/decisions/${made.id}/decide`, {
		option_id: "reject",
		comment: "They asked us to wait for their own news.",
	});
	const { items: members } = await owner.must<{ items: { user_id: string; name: string }[] }>("GET", `${project}/members`);
	const grace = members.find(({ name }) => name === "Grace Hopper")?.user_id;
	await request({ question: "May legal sign off by phone?", decider_ids: [grace], expires_at: day, on_expiry: "escalate" });
	await request({
		question: "Which day do we publish?",
		details: "Tuesday has **more readers**; on Thursday the press event is over.",
		options: [
			{ id: "tuesday", label: "Tuesday" },
			{ id: "thursday", label: "Thursday" },
		],
	});
	const pending = await request({
		question: "Publish the announcement as it stands?",
		details: "Three headlines are ready; the links are checked.",
		expires_at: day,
		on_expiry: "reject",
	});

	const goal = (body: Record<string, unknown>) => owner.must<Row>("POST", `${project}/goals`, { status: "active", ...body });
	const happier = await goal({
		title: "Customers find help without asking us",
		description: "Support grows with every release; it should shrink instead.",
		owner_user_id: grace,
		target_date: "2027-06-30",
		criteria: [
			{ title: "Support calls a week", unit: "calls", start: 40, target: 10, current: 31 },
			{ title: "Questions answered by the help pages", unit: "%", start: 20, target: 80, current: 74 },
		],
	});
	const launched = await goal({ title: "The spring release is out and explained", parent_id: happier.id, target_date: "2027-03-31" });
	await owner.must("POST", `${project}/goals/${launched.id}/links`, { plan_id: planId });
	await owner.must("POST", `${project}/goals/${launched.id}/links`, { plan_id: planId, node_id: tasks[0]?.id });
	await goal({ title: "Release notes in five languages", parent_id: launched.id, status: "paused" });
	await goal({ title: "Help pages rewritten", parent_id: happier.id, status: "achieved" });
	await goal({ title: "A forum for customers", status: "abandoned" });

	const plan = `${project}/plans/${planId}`;
	await owner.must("PATCH", `${project}/nodes/${tasks[0]?.id}`, {
		description:
			"One page that says **what changed** and for whom:\n\n- the headline\n- what is new, in three sentences\n- what to do before the update",
		labels: ["docs", "release"],
		task_mode: "implement",
	});
	await owner.must("PUT", `${project}/nodes/${tasks[1]?.id}/status`, { status: "completed" });
	const video = await owner.must<Row>("POST", `${plan}/nodes`, { title: "Record a video for the launch", kind: "phase" });
	for (const title of ["Write the script", "Find a speaker"]) await owner.must("POST", `${plan}/nodes`, { title, parent_id: video.id });
	await owner.must("DELETE", `${project}/nodes/${video.id}`);
	await owner.must("PUT", `${plan}/visibility`, { visibility: "public" });
	await owner.must("POST", `${plan}/collaborators`, { email: "grace@example.org", role: "admin" });
	await owner.must("POST", `${plan}/collaborators`, { email: "press@example.com", role: "viewer" });
	const { key } = await owner.must<{ key: string }>("GET", `${plan}/public-link`);
	const make = (body: Record<string, unknown>) => owner.must<Row>("POST", `${project}/plans`, body);
	const office = await make({ title: "Find an office in Lisbon" });
	await owner.must("PATCH", `${project}/plans/${office.id}`, { status: "completed" });
	await make({
		title: "Move all press releases since 2009 to the new site, with pictures and redirects",
		visibility: "private",
		status: "draft",
	});
	const dropped = await make({ title: "Sell stickers", status: "draft" });
	await owner.must("DELETE", `${project}/plans/${dropped.id}`);
	return {
		paths: {
			plans: `${project}/plans`,
			"deleted-plans": `${project}/plans?deleted=true`,
			"public-plan": `/public/${key}`,
			plan,
			deleted: `${plan}?view=deleted`,
			task: `${plan}?node=${tasks[0]?.id}`,
			ask: `${plan}?node=${tasks[2]?.id}&ask=true`,
			decisions: `${plan}?node=${decidedAbout}&decision=${pending.id}`,
			goals: `${project}/goals`,
			goal: `${project}/goals?goal=${happier.id}`,
			import: `${project}/plans/import`,
			requests: `${project}/requests`,
			answered: `${project}/requests/${requests.Researcher}`,
			"input-required": `${project}/requests/${requests.Asking}`,
			retrying: `${project}/requests/${requests.Overloaded}`,
			failed: `${project}/requests/${requests.Strict}`,
			disabled: `${project}/requests/${requests.Gone}`,
			agents: `${project}/agents`,
			integrations: `${project}/integrations?integration=${integrationIds.get("Guarded")}`,
			"dead-letters": `${project}/dead-letters`,
			tokens: `${project}/settings/tokens`,
			members: `${project}/settings/members`,
			audit: `${project}/settings/audit`,
			health: `${project}/settings/health`,
			project: `${project}/settings/project`,
			account: `${project}/settings/account`,
		},
		close: doubles.close,
	};
};

type Overview = { status: string; deliveries: { retrying: number; held: number } };
