import { apiContract } from "@agentplanner/contracts";
import type { OpenAPI } from "@orpc/openapi";

const descriptions: Record<keyof typeof apiContract, string> = {
	auth: "Accounts, sessions and access tokens.",
	projects: "The boundary of everything else: who is no member of a project sees nothing of it.",
	members: "Who may do what in a project, and invitations to it.",
	tokens: "API tokens for scripts and agents. Only people make them.",
	plans: "Plans, and their trees of phases, tasks and milestones.",
	nodes: "Nodes of all plans; many at once; deleting, restoring, undoing.",
	goals: "What plans are for: goals below goals, with criteria, and links to plans and nodes.",
	sharing: "Who sees a plan and works in it, and its public link.",
	dependencies: "What waits for what, what follows from it, and what can be begun next.",
	documents: "Plans as files, out and in: Markdown and JSON.",
	comments: "What people and agents say about a plan or a node, in threads that can be settled.",
	logs: "What was noted at work on a node; nothing in it is ever changed.",
	timelines: "What happened to a node, in a plan or in a project, in the words of a reader.",
	agents: "Who can be asked.",
	assignments: "Who is meant to do a node: members and agents.",
	claims: "Who works on a node now: one at a time, for as long as the lease lasts.",
	routes: "Where an agent, a plan's or a project's requests go: integrations and addresses in them, in order.",
	integrations: "Connected channels: one account on a platform, or one URL.",
	requests: "Ask Agent: ask, watch, answer, reply, cancel.",
	decisions: "Questions to people, decided once: request, decide, cancel.",
	messages: "Plain messages to a channel or a member, which ask nothing.",
	deliveries: "Each message to each integration, with every attempt.",
	deadLetters: "Deliveries that gave up: seen by cause, sent again one by one or by thousands, discarded.",
	events: "What happened, in commit order.",
	subscriptions: "Events sent to programs outside as they happen: signed, retried, and each with its log.",
	audit: "Critical acts, in commit order.",
	health: "Whether all that was accepted is where it must be.",
};

export const tags: OpenAPI.TagObject[] = Object.keys(apiContract).map((name) => ({
	name,
	description: descriptions[name as keyof typeof descriptions],
}));
