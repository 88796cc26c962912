import { freePort } from "../../scripts/start/ports.ts";
import { eventually } from "../../scripts/testing/eventually.ts";
import { join } from "./join.ts";
import type { Person } from "./person.ts";

type WithId = { id: string };
type List<Item = WithId> = { items: Item[] };

/**
 * Makes one of everything in the demo project, and tells the ids: made-up ones only ever meet a 404. What an operation removes or brings to
 * an end is nothing that another one needs, so each has something of its own: `..._TO_...`.
 */
export const furnish = async (url: string, owner: Person): Promise<Record<string, string>> => {
	const base = `/projects/${owner.projectId}`;
	const make = async (path: string, body: Record<string, unknown> = {}) => (await owner.must<WithId>("POST", `${base}/${path}`, body)).id;
	const first = async (path: string) => (await owner.must<List>("GET", `${base}/${path}`)).items[0]?.id ?? "";
	const makePlan = (title: string) => make("plans", { title });
	const makeMember = async (name: string) => {
		const { login, person } = await join(url, owner, { email: `${name}@example.org`, name, role: "editor" });
		return { person, email: login.email, id: (await person.must<{ user: WithId }>("GET", "/auth/session")).user.id };
	};

	const plan = await makePlan("Furnished");
	const makeNode = (title: string, more: Record<string, unknown> = {}) => make(`plans/${plan}/nodes`, { title, ...more });
	const phase = await makeNode("Phase", { kind: "phase", labels: ["copy"] });
	const node = await makeNode("Task", { parent_id: phase });
	const above = await makeNode("Comes first");
	const makeDependency = (nodeId: string) => make(`nodes/${nodeId}/dependencies`, { relation: "blocked_by", node_id: above });
	await makeDependency(node);
	const makeClaim = async (title: string) => make(`nodes/${await makeNode(title)}/claims`, { lease_seconds: 3600 });
	const makeComment = (text: string) => make(`nodes/${node}/comments`, { text });
	const makeDecision = (question: string) => make("decisions", { node_id: node, question });
	const makeGoal = (title: string) => make("goals", { title, status: "active" });

	// Nobody is at home there: whatever is sent to it waits to be tried again.
	const address = `http://127.0.0.1:${await freePort()}/`;
	const makeIntegration = (name: string) => make("integrations", { adapter: "webhook", name, settings: { url: address } });
	const integration = await makeIntegration("Nobody's");
	// Of accounts: nothing is sent while the fuzzer is at it.
	const makeSubscription = (name: string) => make("subscriptions", { name, url: address, types: ["user.registered"] });
	const agent = await make("agents", { name: "Nobody", capabilities: ["copy"] });
	await owner.must("PUT", `${base}/agents/${agent}/routes`, { routes: [{ integration_id: integration }] });
	const scopes = ["plans:read", "plans:work", "activity:read", "comments:write", "requests:read", "requests:answer"];
	const { token: agentToken } = await owner.must<{ token: string }>("POST", `${base}/tokens`, {
		name: "Nobody's",
		agent_id: agent,
		scopes,
	});

	const ask = async (question: string) => {
		const request = await make("requests", { node_id: node, question, targets: [{ agent_id: agent }] });
		return { request, delivery: await eventually("the request is on its way", () => first(`deliveries?agent_request_id=${request}`)) };
	};
	const { request, delivery } = await ask("Later, please");
	const { request: requestToReplyTo } = await ask("Ask back, please");
	const question = { type: "input_required", text: "Which one?" };
	await owner.request("POST", `${base}/requests/${requestToReplyTo}/responses`, question, { "x-api-key": agentToken });

	const goal = await makeGoal("Goal");
	const link = (goalId: string) => owner.must<{ links: WithId[] }>("POST", `${base}/goals/${goalId}/links`, { plan_id: plan });
	const goalToUnlink = await makeGoal("Linked");
	const { links } = await link(goalToUnlink);
	await link(goal);

	const planToUndo = await makePlan("Undone");
	await make(`plans/${planToUndo}/nodes`, { title: "Undone" });
	const publicPlan = await makePlan("Public");
	await owner.must("PUT", `${base}/plans/${publicPlan}/visibility`, { visibility: "public" });
	const shownPlan = await makePlan("Shown");
	await owner.must("PUT", `${base}/plans/${shownPlan}/visibility`, { visibility: "public" });
	const { key } = await owner.must<{ key: string }>("GET", `${base}/plans/${shownPlan}/public-link`);

	const [member, memberToRemove, collaboratorToRemove, stranger] = [
		await makeMember("ada"),
		await makeMember("grace"),
		await makeMember("barbara"),
		await makeMember("edsger"),
	];
	for (const { email } of [member, memberToRemove, collaboratorToRemove])
		await owner.must("POST", `${base}/plans/${plan}/collaborators`, { email, role: "editor" });
	await owner.must("DELETE", `${base}/members/${stranger.id}`);
	const invite = (email: string) => owner.must<WithId>("POST", `${base}/invitations`, { email, role: "viewer" });
	const shared = await owner.must<{ invitation: WithId }>("POST", `${base}/plans/${plan}/collaborators`, {
		email: "hedy@example.org",
		role: "viewer",
	});
	// Of somebody else, to a project of theirs.
	const elsewhere = await member.person.must<WithId>("POST", "/projects", { name: "Elsewhere" });
	const session = await owner.must<{ user: WithId & { email: string } }>("GET", "/auth/session");

	const { token: invitationToken } = await member.person.must<{ token: string }>("POST", `/projects/${elsewhere.id}/invitations`, {
		email: session.user.email,
		role: "viewer",
	});

	return {
		PROJECT: owner.projectId,
		USER: session.user.id,
		MEMBER: member.id,
		MEMBER_TO_REMOVE: memberToRemove.id,
		COLLABORATOR_TO_REMOVE: collaboratorToRemove.id,
		STRANGERS_EMAIL: stranger.email,
		INVITATION_TO_REVOKE: (await invite("lin@example.org")).id,
		INVITATION_TOKEN: invitationToken,
		PLAN_INVITATION_TO_REVOKE: shared.invitation.id,
		TOKEN_TO_REVOKE: await make("tokens", { name: "Old", scopes: ["plans:read"] }),
		SESSION_TO_END:
			(await owner.must<List<WithId & { current: boolean }>>("GET", "/auth/sessions")).items.find((one) => one.current)?.id ?? "",
		AGENT_TOKEN: agentToken,
		PLAN: plan,
		PLAN_TO_CHANGE: await makePlan("Changed"),
		PLAN_TO_DELETE: await makePlan("Deleted"),
		PLAN_TO_UNDO: planToUndo,
		CHANGE_TO_UNDO: await first(`plans/${planToUndo}/changes`),
		PUBLIC_PLAN: publicPlan,
		PUBLIC_KEY: key,
		NODE: node,
		PHASE: phase,
		NODE_TO_LINK: await makeNode("Linked"),
		SIBLING: await makeNode("Beside the task", { parent_id: phase }),
		NODE_TO_CLAIM: await makeNode("Claimed"),
		NODE_TO_DELETE: await makeNode("Deleted"),
		NODES_TO_DELETE: await makeNode("Deleted with others"),
		DEPENDENCY_TO_REMOVE: await makeDependency(await makeNode("Waits")),
		CLAIM: await makeClaim("Held"),
		CLAIM_TO_RELEASE: await makeClaim("Given up"),
		CLAIM_TO_BREAK: await makeClaim("Broken"),
		COMMENT: await makeComment("Is it right?"),
		COMMENT_TO_DELETE: await makeComment("Never mind"),
		GOAL: goal,
		GOAL_TO_DELETE: await makeGoal("Deleted"),
		GOAL_TO_UNLINK: goalToUnlink,
		LINK_TO_REMOVE: links[0]?.id ?? "",
		DECISION: await makeDecision("Ship it?"),
		DECISION_TO_CANCEL: await makeDecision("Ship it at night?"),
		AGENT: agent,
		INTEGRATION: integration,
		INTEGRATION_TO_SWITCH: await makeIntegration("Switched"),
		SUBSCRIPTION: await makeSubscription("Told"),
		SUBSCRIPTION_TO_DELETE: await makeSubscription("No longer told"),
		REQUEST: request,
		REQUEST_TO_CANCEL: (await ask("Never mind")).request,
		REQUEST_TO_REPLY_TO: requestToReplyTo,
		DELIVERY: delivery,
	};
};
