import { procedure } from "../procedure.ts";
import { beat } from "./agents/beat.ts";
import { createAgent } from "./agents/create-agent.ts";
import { getAgent } from "./agents/get-agent.ts";
import { getOwnAgent } from "./agents/get-own-agent.ts";
import { listAgents } from "./agents/list-agents.ts";
import { updateAgent } from "./agents/update-agent.ts";
import { getNodeAssignments } from "./assignments/get-node-assignments.ts";
import { listAssignments } from "./assignments/list-assignments.ts";
import { setNodeAssignments } from "./assignments/set-node-assignments.ts";
import { listAudit } from "./audit/list-audit.ts";
import { changePassword } from "./auth/change-password.ts";
import { createAccessToken } from "./auth/create-access-token.ts";
import { endSession } from "./auth/end-session.ts";
import { getMethods } from "./auth/get-methods.ts";
import { getSession } from "./auth/get-session.ts";
import { linkAccount } from "./auth/link-account.ts";
import { listLinkedAccounts } from "./auth/list-linked-accounts.ts";
import { listSessions } from "./auth/list-sessions.ts";
import { login } from "./auth/login.ts";
import { logout } from "./auth/logout.ts";
import { previewLink } from "./auth/preview-link.ts";
import { register } from "./auth/register.ts";
import { startLinking } from "./auth/start-linking.ts";
import { unlinkAccount } from "./auth/unlink-account.ts";
import { breakClaim } from "./claims/break-claim.ts";
import { claimNext } from "./claims/claim-next.ts";
import { claimNode } from "./claims/claim-node.ts";
import { listClaims } from "./claims/list-claims.ts";
import { releaseClaim } from "./claims/release-claim.ts";
import { renewClaim } from "./claims/renew-claim.ts";
import { createNodeComment } from "./comments/create-node-comment.ts";
import { createPlanComment } from "./comments/create-plan-comment.ts";
import { deleteComment } from "./comments/delete-comment.ts";
import { listNodeComments } from "./comments/list-node-comments.ts";
import { listPlanComments } from "./comments/list-plan-comments.ts";
import { reopenComment } from "./comments/reopen-comment.ts";
import { resolveComment } from "./comments/resolve-comment.ts";
import { updateComment } from "./comments/update-comment.ts";
import { cancelReplay } from "./dead-letters/cancel-replay.ts";
import { discardDeadLetters } from "./dead-letters/discard-dead-letters.ts";
import { discardDelivery } from "./dead-letters/discard-delivery.ts";
import { editAndReplay } from "./dead-letters/edit-and-replay.ts";
import { getReplay } from "./dead-letters/get-replay.ts";
import { listDeadLetters } from "./dead-letters/list-dead-letters.ts";
import { listReplays } from "./dead-letters/list-replays.ts";
import { pauseReplay } from "./dead-letters/pause-replay.ts";
import { previewReplay } from "./dead-letters/preview-replay.ts";
import { restoreDelivery } from "./dead-letters/restore-delivery.ts";
import { resumeReplay } from "./dead-letters/resume-replay.ts";
import { startReplay } from "./dead-letters/start-replay.ts";
import { summarizeDeadLetters } from "./dead-letters/summarize-dead-letters.ts";
import { cancelDecision } from "./decisions/cancel-decision.ts";
import { createDecision } from "./decisions/create-decision.ts";
import { decide } from "./decisions/decide.ts";
import { getDecision } from "./decisions/get-decision.ts";
import { listDecisions } from "./decisions/list-decisions.ts";
import { getDelivery } from "./deliveries/get-delivery.ts";
import { getPayload } from "./deliveries/get-payload.ts";
import { getWords } from "./deliveries/get-words.ts";
import { listDeliveries } from "./deliveries/list-deliveries.ts";
import { retryDelivery } from "./deliveries/retry-delivery.ts";
import { addDependency } from "./dependencies/add-dependency.ts";
import { getCriticalPath } from "./dependencies/get-critical-path.ts";
import { getImpact } from "./dependencies/get-impact.ts";
import { getNextTask } from "./dependencies/get-next-task.ts";
import { getPlanNextTask } from "./dependencies/get-plan-next-task.ts";
import { getReadiness } from "./dependencies/get-readiness.ts";
import { listDownstream } from "./dependencies/list-downstream.ts";
import { listNodeDependencies } from "./dependencies/list-node-dependencies.ts";
import { listPlanDependencies } from "./dependencies/list-plan-dependencies.ts";
import { listUpstream } from "./dependencies/list-upstream.ts";
import { removeDependency } from "./dependencies/remove-dependency.ts";
import { exportPlan } from "./documents/export-plan.ts";
import { importPlan } from "./documents/import-plan.ts";
import { previewImport } from "./documents/preview-import.ts";
import { listEventTypes } from "./events/list-event-types.ts";
import { listEvents } from "./events/list-events.ts";
import { createGoal } from "./goals/create-goal.ts";
import { deleteGoal } from "./goals/delete-goal.ts";
import { getGoal } from "./goals/get-goal.ts";
import { linkGoal } from "./goals/link-goal.ts";
import { listGoals } from "./goals/list-goals.ts";
import { restoreGoal } from "./goals/restore-goal.ts";
import { unlinkGoal } from "./goals/unlink-goal.ts";
import { updateGoal } from "./goals/update-goal.ts";
import { getProjectHealth } from "./health/get-project-health.ts";
import { createIntegration } from "./integrations/create-integration.ts";
import { disableIntegration } from "./integrations/disable-integration.ts";
import { enableIntegration } from "./integrations/enable-integration.ts";
import { getIntegration } from "./integrations/get-integration.ts";
import { listAdapters } from "./integrations/list-adapters.ts";
import { listIntegrations } from "./integrations/list-integrations.ts";
import { testIntegration } from "./integrations/test-integration.ts";
import { updateIntegration } from "./integrations/update-integration.ts";
import { createLog } from "./logs/create-log.ts";
import { listLogs } from "./logs/list-logs.ts";
import { acceptInvitation } from "./members/accept-invitation.ts";
import { addMember } from "./members/add-member.ts";
import { changeMember } from "./members/change-member.ts";
import { createInvitation } from "./members/create-invitation.ts";
import { listInvitations } from "./members/list-invitations.ts";
import { listMembers } from "./members/list-members.ts";
import { previewInvitation } from "./members/preview-invitation.ts";
import { removeMember } from "./members/remove-member.ts";
import { revokeInvitation } from "./members/revoke-invitation.ts";
import { sendMessage } from "./messages/send-message.ts";
import { deleteNode } from "./nodes/delete-node.ts";
import { deleteNodes } from "./nodes/delete-nodes.ts";
import { listDeletedNodes } from "./nodes/list-deleted-nodes.ts";
import { listLabels } from "./nodes/list-labels.ts";
import { listNodes } from "./nodes/list-nodes.ts";
import { listPlanChanges } from "./nodes/list-plan-changes.ts";
import { moveNodes } from "./nodes/move-nodes.ts";
import { restoreNode } from "./nodes/restore-node.ts";
import { setNodeStatuses } from "./nodes/set-node-statuses.ts";
import { undoPlanChange } from "./nodes/undo-plan-change.ts";
import { createNode } from "./plans/create-node.ts";
import { createPlan } from "./plans/create-plan.ts";
import { deletePlan } from "./plans/delete-plan.ts";
import { duplicatePlan } from "./plans/duplicate-plan.ts";
import { getNode } from "./plans/get-node.ts";
import { getPlanTree } from "./plans/get-plan-tree.ts";
import { listPlans } from "./plans/list-plans.ts";
import { moveNode } from "./plans/move-node.ts";
import { restorePlan } from "./plans/restore-plan.ts";
import { setNodeStatus } from "./plans/set-node-status.ts";
import { updateNode } from "./plans/update-node.ts";
import { updatePlan } from "./plans/update-plan.ts";
import { createProject } from "./projects/create-project.ts";
import { getProject } from "./projects/get-project.ts";
import { listProjects } from "./projects/list-projects.ts";
import { selectProject } from "./projects/select-project.ts";
import { updateProject } from "./projects/update-project.ts";
import { acknowledgeRequest } from "./requests/acknowledge-request.ts";
import { cancelRequest } from "./requests/cancel-request.ts";
import { createRequest } from "./requests/create-request.ts";
import { getRequest } from "./requests/get-request.ts";
import { listRequests } from "./requests/list-requests.ts";
import { previewRequest } from "./requests/preview-request.ts";
import { replyToAgent } from "./requests/reply-to-agent.ts";
import { reportProgress } from "./requests/report-progress.ts";
import { respondToRequest } from "./requests/respond-to-request.ts";
import { getAgentRoutes } from "./routes/get-agent-routes.ts";
import { getPlanRoutes } from "./routes/get-plan-routes.ts";
import { getProjectRoutes } from "./routes/get-project-routes.ts";
import { setAgentRoutes } from "./routes/set-agent-routes.ts";
import { setPlanRoutes } from "./routes/set-plan-routes.ts";
import { setProjectRoutes } from "./routes/set-project-routes.ts";
import { addCollaborator } from "./sharing/add-collaborator.ts";
import { changeCollaborator } from "./sharing/change-collaborator.ts";
import { getPublicLink } from "./sharing/get-public-link.ts";
import { listCollaborators } from "./sharing/list-collaborators.ts";
import { listPlanInvitations } from "./sharing/list-plan-invitations.ts";
import { readPublicPlan } from "./sharing/read-public-plan.ts";
import { removeCollaborator } from "./sharing/remove-collaborator.ts";
import { renewPublicLink } from "./sharing/renew-public-link.ts";
import { revokePlanInvitation } from "./sharing/revoke-plan-invitation.ts";
import { setPlanOwner } from "./sharing/set-plan-owner.ts";
import { setVisibility } from "./sharing/set-visibility.ts";
import { createSubscription } from "./subscriptions/create-subscription.ts";
import { deleteSubscription } from "./subscriptions/delete-subscription.ts";
import { disableSubscription } from "./subscriptions/disable-subscription.ts";
import { enableSubscription } from "./subscriptions/enable-subscription.ts";
import { getSubscription } from "./subscriptions/get-subscription.ts";
import { listSubscriptionDeliveries } from "./subscriptions/list-subscription-deliveries.ts";
import { listSubscriptions } from "./subscriptions/list-subscriptions.ts";
import { replayEvents } from "./subscriptions/replay-events.ts";
import { rotateSecret } from "./subscriptions/rotate-secret.ts";
import { testSubscription } from "./subscriptions/test-subscription.ts";
import { updateSubscription } from "./subscriptions/update-subscription.ts";
import { getNodeTimeline } from "./timelines/get-node-timeline.ts";
import { getPlanTimeline } from "./timelines/get-plan-timeline.ts";
import { getProjectTimeline } from "./timelines/get-project-timeline.ts";
import { createToken } from "./tokens/create-token.ts";
import { listTokens } from "./tokens/list-tokens.ts";
import { revokeToken } from "./tokens/revoke-token.ts";

/** Every endpoint with its handler; a contract without one does not compile. */
export const router = procedure.router({
	auth: {
		changePassword,
		createAccessToken,
		endSession,
		getMethods,
		getSession,
		listLinkedAccounts,
		listSessions,
		login,
		logout,
		register,
		previewLink,
		linkAccount,
		startLinking,
		unlinkAccount,
	},
	projects: { createProject, getProject, listProjects, selectProject, updateProject },
	members: {
		acceptInvitation,
		addMember,
		changeMember,
		createInvitation,
		listInvitations,
		listMembers,
		previewInvitation,
		removeMember,
		revokeInvitation,
	},
	tokens: { createToken, listTokens, revokeToken },
	nodes: {
		deleteNode,
		deleteNodes,
		listDeletedNodes,
		listLabels,
		listNodes,
		listPlanChanges,
		moveNodes,
		restoreNode,
		setNodeStatuses,
		undoPlanChange,
	},
	plans: {
		createNode,
		createPlan,
		deletePlan,
		duplicatePlan,
		getNode,
		getPlanTree,
		listPlans,
		moveNode,
		restorePlan,
		setNodeStatus,
		updateNode,
		updatePlan,
	},
	goals: { createGoal, deleteGoal, getGoal, linkGoal, listGoals, restoreGoal, unlinkGoal, updateGoal },
	sharing: {
		addCollaborator,
		changeCollaborator,
		getPublicLink,
		listCollaborators,
		listPlanInvitations,
		readPublicPlan,
		removeCollaborator,
		renewPublicLink,
		revokePlanInvitation,
		setPlanOwner,
		setVisibility,
	},
	documents: { exportPlan, importPlan, previewImport },
	agents: { beat, createAgent, getAgent, getOwnAgent, listAgents, updateAgent },
	assignments: { getNodeAssignments, listAssignments, setNodeAssignments },
	claims: { breakClaim, claimNext, claimNode, listClaims, releaseClaim, renewClaim },
	comments: {
		createNodeComment,
		createPlanComment,
		deleteComment,
		listNodeComments,
		listPlanComments,
		reopenComment,
		resolveComment,
		updateComment,
	},
	logs: { createLog, listLogs },
	timelines: { getNodeTimeline, getPlanTimeline, getProjectTimeline },
	routes: { getAgentRoutes, getPlanRoutes, getProjectRoutes, setAgentRoutes, setPlanRoutes, setProjectRoutes },
	integrations: {
		createIntegration,
		disableIntegration,
		enableIntegration,
		getIntegration,
		listAdapters,
		listIntegrations,
		testIntegration,
		updateIntegration,
	},
	requests: {
		acknowledgeRequest,
		cancelRequest,
		createRequest,
		getRequest,
		listRequests,
		previewRequest,
		replyToAgent,
		reportProgress,
		respondToRequest,
	},
	decisions: { cancelDecision, createDecision, decide, getDecision, listDecisions },
	messages: { sendMessage },
	deadLetters: {
		cancelReplay,
		discardDeadLetters,
		discardDelivery,
		editAndReplay,
		getReplay,
		listDeadLetters,
		listReplays,
		pauseReplay,
		previewReplay,
		restoreDelivery,
		resumeReplay,
		startReplay,
		summarizeDeadLetters,
	},
	deliveries: { getDelivery, getPayload, getWords, listDeliveries, retryDelivery },
	dependencies: {
		addDependency,
		getCriticalPath,
		getImpact,
		getNextTask,
		getPlanNextTask,
		getReadiness,
		listDownstream,
		listNodeDependencies,
		listPlanDependencies,
		listUpstream,
		removeDependency,
	},
	events: { listEventTypes, listEvents },
	subscriptions: {
		createSubscription,
		deleteSubscription,
		disableSubscription,
		enableSubscription,
		getSubscription,
		listSubscriptionDeliveries,
		listSubscriptions,
		replayEvents,
		rotateSecret,
		testSubscription,
		updateSubscription,
	},
	audit: { listAudit },
	health: { getProjectHealth },
});
