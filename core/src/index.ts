export {
	type Database,
	type DatabaseOptions,
	isDatabaseUnavailable,
	isStaleStatement,
	type Listener,
	listen,
	migrateDatabase,
	openDatabase,
	pendingMigrations,
	postgresError,
} from "@agentplanner/db";
export { beat } from "./agents/beat.ts";
export { createAgent } from "./agents/create-agent.ts";
export { getAgent } from "./agents/get-agent.ts";
export { getOwnAgent } from "./agents/get-own-agent.ts";
export { getRoutes } from "./agents/get-routes.ts";
export { listAgents } from "./agents/list-agents.ts";
export { noticeAbsence } from "./agents/notice-absence.ts";
export type { RouteOwner } from "./agents/queries.ts";
export { recordHeartbeat } from "./agents/record-heartbeat.ts";
export { setRoutes } from "./agents/set-routes.ts";
export { updateAgent } from "./agents/update-agent.ts";
export { getNodeAssignments } from "./assignments/get-node-assignments.ts";
export { listAssignments } from "./assignments/list-assignments.ts";
export { setNodeAssignments } from "./assignments/set-node-assignments.ts";
export { listAudit } from "./audit/list-audit.ts";
export { authorize, authorizeMany, requireUser, roleOf } from "./authorize.ts";
export { parseFence } from "./claims/assert-fence.ts";
export { breakClaim } from "./claims/break-claim.ts";
export { claimNext } from "./claims/claim-next.ts";
export { claimNode } from "./claims/claim-node.ts";
export { expireClaim } from "./claims/expire-claim.ts";
export { listClaims } from "./claims/list-claims.ts";
export { releaseClaim } from "./claims/release-claim.ts";
export { renewClaim } from "./claims/renew-claim.ts";
export { answerCommand } from "./commands/answer-command.ts";
export { createComment } from "./comments/create-comment.ts";
export { deleteComment } from "./comments/delete-comment.ts";
export { listComments } from "./comments/list-comments.ts";
export { reopenComment, resolveComment } from "./comments/resolve-comment.ts";
export { updateComment } from "./comments/update-comment.ts";
export { type Actor, actorName, type Context, inTransaction, type ProjectContext, type Tx } from "./context.ts";
export { cancelDecision } from "./decisions/cancel-decision.ts";
export { authorizeCreateDecision, createDecision } from "./decisions/create-decision.ts";
export { decide } from "./decisions/decide.ts";
export { expireDecision } from "./decisions/expire-decision.ts";
export { getDecision } from "./decisions/get-decision.ts";
export { listDecisions } from "./decisions/list-decisions.ts";
export { recordVote } from "./decisions/record-vote.ts";
export { type Claim, claimDelivery } from "./deliveries/claim-delivery.ts";
export { getDelivery } from "./deliveries/get-delivery.ts";
export { listDeliveries } from "./deliveries/list-deliveries.ts";
export { type Collection, readCollection } from "./deliveries/read-collection.ts";
export { recordCollected, recordUncollected } from "./deliveries/record-collected.ts";
export { type Failure, type Outcome, recordOutcome } from "./deliveries/record-outcome.ts";
export { renewLeases } from "./deliveries/renew-leases.ts";
export { retryDelivery } from "./deliveries/retry-delivery.ts";
export { finishSettlement, readSettlement, type Settlement } from "./deliveries/settle-delivery.ts";
export { addDependency } from "./dependencies/add-dependency.ts";
export { getCriticalPath } from "./dependencies/get-critical-path.ts";
export { getImpact } from "./dependencies/get-impact.ts";
export { getNextTask } from "./dependencies/get-next-task.ts";
export { getReadiness } from "./dependencies/get-readiness.ts";
export { listDownstream } from "./dependencies/list-downstream.ts";
export { listNodeDependencies } from "./dependencies/list-node-dependencies.ts";
export { listPlanDependencies } from "./dependencies/list-plan-dependencies.ts";
export { listUpstream } from "./dependencies/list-upstream.ts";
export { removeDependency } from "./dependencies/remove-dependency.ts";
export { exportPlan } from "./documents/export-plan.ts";
export { importPlan } from "./documents/import-plan.ts";
export { previewImport } from "./documents/preview-import.ts";
export { emit } from "./emit.ts";
export * from "./errors.ts";
export { currentPosition } from "./events/current-position.ts";
export { type Change, listEvents, readChanges } from "./events/list-events.ts";
export { stampEvents } from "./events/stamp-events.ts";
export { type Stamper, startStamper } from "./events/start-stamper.ts";
export { readChainHeads, verifyChain } from "./events/verify-chain.ts";
export { withIdempotency } from "./idempotency.ts";
export { createIntegration } from "./integrations/create-integration.ts";
export { disableIntegration } from "./integrations/disable-integration.ts";
export { enableIntegration } from "./integrations/enable-integration.ts";
export { getIntegration } from "./integrations/get-integration.ts";
export { listAddresses } from "./integrations/list-addresses.ts";
export { listIntegrations } from "./integrations/list-integrations.ts";
export {
	findIntegration,
	type OpenedIntegration,
	openIntegration,
	type SealedIntegration,
	type UnsealedIntegration,
	unsealIntegration,
} from "./integrations/open-integration.ts";
export { readAllowedNetworks } from "./integrations/read-allowed-networks.ts";
export { recordIntegrationCheck } from "./integrations/record-integration-check.ts";
export { updateIntegration } from "./integrations/update-integration.ts";
export { createKeys, type Keys, safeEqual } from "./keys.ts";
export { claimListeners, type Hold, type ListenerClaim, listenerLeaseMs } from "./listening/claim-listeners.ts";
export { openSession, saveSession } from "./listening/listening-session.ts";
export { receiveHeard } from "./listening/receive-heard.ts";
export { type ListenerFailure, releaseListener } from "./listening/release-listener.ts";
export { type RenewedListener, renewListeners } from "./listening/renew-listeners.ts";
export { reportListening } from "./listening/report-listening.ts";
export { type LoggedError, logError } from "./log-error.ts";
export { createLog } from "./logs/create-log.ts";
export { listLogs } from "./logs/list-logs.ts";
export { acceptInvitation } from "./members/accept-invitation.ts";
export { addMember } from "./members/add-member.ts";
export { authorizeRole } from "./members/authorize-role.ts";
export { changeMember } from "./members/change-member.ts";
export { createInvitation } from "./members/create-invitation.ts";
export { listInvitations } from "./members/list-invitations.ts";
export { listMembers } from "./members/list-members.ts";
export { previewInvitation } from "./members/preview-invitation.ts";
export { removeMember } from "./members/remove-member.ts";
export { revokeInvitation } from "./members/revoke-invitation.ts";
export { sendMessage } from "./messages/send-message.ts";
export { takeNotice } from "./notices/take-notice.ts";
export { authorizeNode, authorizePlan, authorizeRequest } from "./plans/authorize-plan.ts";
export { createNode } from "./plans/create-node.ts";
export { createPlan } from "./plans/create-plan.ts";
export { deletePlan } from "./plans/delete-plan.ts";
export { duplicatePlan } from "./plans/duplicate-plan.ts";
export { getNode } from "./plans/get-node.ts";
export { getPlanTree } from "./plans/get-plan-tree.ts";
export { listPlans } from "./plans/list-plans.ts";
export { moveNode } from "./plans/move-node.ts";
export { restorePlan } from "./plans/restore-plan.ts";
export { setNodeStatus } from "./plans/set-node-status.ts";
export { updateNode } from "./plans/update-node.ts";
export { updatePlan } from "./plans/update-plan.ts";
export { createProject } from "./projects/create-project.ts";
export { getProject } from "./projects/get-project.ts";
export { listProjects } from "./projects/list-projects.ts";
export { selectProject } from "./projects/select-project.ts";
export { updateProject } from "./projects/update-project.ts";
export { acknowledgeRequest, reportProgress } from "./requests/acknowledge-request.ts";
export { cancelRequest } from "./requests/cancel-request.ts";
export { createRequest } from "./requests/create-request.ts";
export { dispatchRequest } from "./requests/dispatch-request.ts";
export { expireRequest } from "./requests/expire-request.ts";
export { getRequest } from "./requests/get-request.ts";
export { listRequests } from "./requests/list-requests.ts";
export { previewRequest } from "./requests/preview-request.ts";
export { replyToAgent } from "./requests/reply-to-agent.ts";
export { authenticateReplyToken, createReplyToken } from "./requests/reply-token.ts";
export { type LendConnection, nameAuthors } from "./responses/name-authors.ts";
export { receiveInbound } from "./responses/receive-inbound.ts";
export { recordResponse } from "./responses/record-response.ts";
export { respondToRequest } from "./responses/respond-to-request.ts";
export { commonSettings, type Environment, type LogLevel, portSetting, publicUrlOf, readSettings, SettingsError } from "./settings.ts";
export { addCollaborator } from "./sharing/add-collaborator.ts";
export { changeCollaborator } from "./sharing/change-collaborator.ts";
export { listCollaborators } from "./sharing/list-collaborators.ts";
export { listPlanInvitations, revokePlanInvitation } from "./sharing/plan-invitations.ts";
export { getPublicLink, renewPublicLink } from "./sharing/public-link.ts";
export { readPublicPlan } from "./sharing/read-public-plan.ts";
export { removeCollaborator } from "./sharing/remove-collaborator.ts";
export { setPlanOwner } from "./sharing/set-plan-owner.ts";
export { setVisibility } from "./sharing/set-visibility.ts";
export { getNodeTimeline, getPlanTimeline, getProjectTimeline } from "./timelines/get-timeline.ts";
export { authenticateApiToken } from "./tokens/authenticate-api-token.ts";
export { authorizeToken, createToken } from "./tokens/create-token.ts";
export { listTokens } from "./tokens/list-tokens.ts";
export { revokeToken } from "./tokens/revoke-token.ts";
export { deleteExpired } from "./upkeep/delete-expired.ts";
export { findViolations, type Violation } from "./upkeep/find-violations.ts";
export { readReadiness } from "./upkeep/read-readiness.ts";
export { beatWorkerRun, endWorkerRun, startWorkerRun } from "./upkeep/worker-runs.ts";
export { authenticateAccessToken, createAccessToken } from "./users/access-token.ts";
export { type AuthenticatedSession, authenticateSession } from "./users/authenticate-session.ts";
export { readSignUp } from "./users/authorize-sign-up.ts";
export { changePassword, WrongPasswordError } from "./users/change-password.ts";
export { endSession } from "./users/end-session.ts";
export { getSession } from "./users/get-session.ts";
export { linkAccount } from "./users/link-account.ts";
export { linkPlatformAccount } from "./users/link-platform-account.ts";
export { listLinkedAccounts } from "./users/list-linked-accounts.ts";
export { listSessions } from "./users/list-sessions.ts";
export { logIn } from "./users/log-in.ts";
export { logOut } from "./users/log-out.ts";
export { previewLink } from "./users/preview-link.ts";
export { registerUser } from "./users/register-user.ts";
export { resetPassword } from "./users/reset-password.ts";
export { SignInRefusedError } from "./users/sign-in-refused.ts";
export { signInWithAccount, type VouchedPerson } from "./users/sign-in-with-account.ts";
export { unlinkAccount } from "./users/unlink-account.ts";
export { parseIfMatch, parseIfMatchDigest } from "./version.ts";
