import type { QueryKey } from "@tanstack/react-query";
import { apiQueries } from "../lib/api-client.ts";

type Affected = (projectId: string, id: string) => QueryKey[];

const {
	agents,
	assignments,
	audit,
	claims,
	comments,
	deadLetters,
	decisions,
	deliveries,
	dependencies,
	goals,
	health,
	integrations,
	logs,
	members,
	nodes,
	plans,
	projects,
	requests,
	routes,
	sharing,
	subscriptions,
	timelines,
	tokens,
} = apiQueries;

const within = (projectId: string) => ({ input: { params: { projectId } } });

/** Changes of access are audited, and so are some of integrations. */
const auditLog: Affected = (projectId) => [audit.listAudit.key(within(projectId))];

const allRoutes: Affected = (projectId) => [
	routes.getAgentRoutes.key(within(projectId)),
	routes.getPlanRoutes.key(within(projectId)),
	routes.getProjectRoutes.key(within(projectId)),
	requests.previewRequest.key(within(projectId)),
];

/** A goal's progress counts in those above it. */
const allGoals: Affected = (projectId) => [goals.listGoals.key(within(projectId)), goals.getGoal.key(within(projectId))];

/** How far replays are shows in the deliveries that they send. */
const allDeadLetters: Affected = (projectId) => [
	deadLetters.listDeadLetters.key(within(projectId)),
	deadLetters.summarizeDeadLetters.key(within(projectId)),
	deadLetters.previewReplay.key(within(projectId)),
	deadLetters.listReplays.key(within(projectId)),
];

const shapeOf = (projectId: string): QueryKey[] => [
	nodes.listNodes.key(within(projectId)),
	nodes.listLabels.key(within(projectId)),
	nodes.listDeletedNodes.key(within(projectId)),
	nodes.listPlanChanges.key(within(projectId)),
];

/** Every event stands on the project's timeline, and on those of its plan and node. */
const allTimelines: Affected = (projectId) => [
	timelines.getNodeTimeline.key(within(projectId)),
	timelines.getPlanTimeline.key(within(projectId)),
	timelines.getProjectTimeline.key(within(projectId)),
];

/** Which reads can look different after a change of each entity; ids narrow it where the read is by that id. */
const affectedBy: Record<string, Affected> = {
	plan: (projectId, planId) => [
		sharing.listCollaborators.key({ input: { params: { projectId, planId } } }),
		sharing.getPublicLink.key({ input: { params: { projectId, planId } } }),
		plans.listPlans.key(within(projectId)),
		plans.getPlanTree.key({ input: { params: { projectId, planId } } }),
		// What is undone moves nodes and changes them.
		plans.getNode.key(within(projectId)),
		...shapeOf(projectId),
		routes.getPlanRoutes.key({ input: { params: { projectId, planId } } }),
		requests.previewRequest.key(within(projectId)),
		// What they lead to counts how far they are.
		...allGoals(projectId, planId),
	],
	node: (projectId, nodeId) => [
		// With their progress.
		plans.listPlans.key(within(projectId)),
		plans.getPlanTree.key(within(projectId)),
		...shapeOf(projectId),
		plans.getNode.key({ input: { params: { projectId, nodeId } } }),
		claims.listClaims.key(within(projectId)),
		assignments.listAssignments.key(within(projectId)),
		assignments.getNodeAssignments.key({ input: { params: { projectId, nodeId } } }),
		// Who is busy.
		agents.listAgents.key(within(projectId)),
		// They bear its title.
		requests.listRequests.key(within(projectId)),
		requests.getRequest.key(within(projectId)),
		requests.previewRequest.key(within(projectId)),
		decisions.listDecisions.key(within(projectId)),
		// What is finished, moved or renamed is waited for elsewhere.
		dependencies.listNodeDependencies.key(within(projectId)),
		dependencies.getReadiness.key(within(projectId)),
		dependencies.getCriticalPath.key(within(projectId)),
		...allGoals(projectId, nodeId),
	],
	// Its id says nothing about the thread it belongs to.
	comment: (projectId) => [comments.listNodeComments.key(within(projectId)), comments.listPlanComments.key(within(projectId))],
	// The comment that does it has its own event.
	mention: () => [],
	log: (projectId) => [logs.listLogs.key(within(projectId))],
	goal: allGoals,
	request: (projectId, requestId) => [
		requests.listRequests.key(within(projectId)),
		requests.getRequest.key({ input: { params: { projectId, requestId } } }),
		deliveries.listDeliveries.key(within(projectId)),
	],
	decision: (projectId, decisionId) => [
		decisions.listDecisions.key(within(projectId)),
		decisions.getDecision.key({ input: { params: { projectId, decisionId } } }),
		...auditLog(projectId, decisionId),
	],
	// What comes of it is an event of the decision's.
	vote: () => [],
	// Whoever wrote it reads the answer where they wrote it.
	command: () => [],
	// Its id says nothing about the request it belongs to.
	response: (projectId) => [requests.listRequests.key(within(projectId)), requests.getRequest.key(within(projectId))],
	delivery: (projectId, deliveryId) => [
		integrations.listIntegrations.key(within(projectId)),
		requests.listRequests.key(within(projectId)),
		requests.getRequest.key(within(projectId)),
		decisions.getDecision.key(within(projectId)),
		deliveries.listDeliveries.key(within(projectId)),
		deliveries.getDelivery.key({ input: { params: { projectId, deliveryId } } }),
		...allDeadLetters(projectId, deliveryId),
	],
	replay: allDeadLetters,
	agent: (projectId, agentId) => [
		agents.listAgents.key(within(projectId)),
		agents.getAgent.key({ input: { params: { projectId, agentId } } }),
		...allRoutes(projectId, agentId),
	],
	integration: (projectId, integrationId) => [
		integrations.listIntegrations.key(within(projectId)),
		integrations.getIntegration.key({ input: { params: { projectId, integrationId } } }),
		subscriptions.listSubscriptions.key(within(projectId)),
		// Whether their deliveries can go out now.
		requests.listRequests.key(within(projectId)),
		requests.getRequest.key(within(projectId)),
		...allRoutes(projectId, integrationId),
		...auditLog(projectId, integrationId),
	],
	subscription: (projectId, subscriptionId) => [
		subscriptions.listSubscriptions.key(within(projectId)),
		subscriptions.listSubscriptionDeliveries.key({ input: { params: { projectId, subscriptionId } } }),
		subscriptions.getSubscription.key({ input: { params: { projectId, subscriptionId } } }),
		...auditLog(projectId, subscriptionId),
	],
	member: (projectId, userId) => [
		["session"],
		projects.listProjects.key(),
		projects.getProject.key(within(projectId)),
		members.listMembers.key(within(projectId)),
		sharing.listCollaborators.key(within(projectId)),
		...auditLog(projectId, userId),
	],
	invitation: (projectId, invitationId) => [
		members.listInvitations.key(within(projectId)),
		sharing.listPlanInvitations.key(within(projectId)),
		...auditLog(projectId, invitationId),
	],
	token: (projectId, tokenId) => [tokens.listTokens.key(within(projectId)), ...auditLog(projectId, tokenId)],
	project: (projectId) => [
		...auditLog(projectId, ""),
		["session"],
		projects.listProjects.key(),
		projects.getProject.key(within(projectId)),
		health.getProjectHealth.key(within(projectId)),
		...allRoutes(projectId, ""),
	],
};

/** Keys to read again after a change; null when the entity is not known here, which means everything of the project. */
export const affectedKeys = (projectId: string, entity: string, id: string): QueryKey[] | null => {
	const affected = affectedBy[entity]?.(projectId, id);
	return affected === undefined ? null : [...affected, ...allTimelines(projectId, id)];
};

/** True for every read that belongs to the project. */
export const belongsToProject = (key: QueryKey, projectId: string): boolean => {
	const options = key[1] as { input?: { params?: { projectId?: string } } } | undefined;
	return options?.input?.params?.projectId === projectId;
};
