import type { AgentRequest, CreateRequestInput, RequestTarget } from "@agentplanner/contracts";
import { agentRequests, agentRequestTargets, agents, and, eq, inArray, messagingIntegrations, planNodes, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { backstopMs, setTimers } from "../timers.ts";
import { answersNeeded } from "./answer-policy.ts";
import { presentRequest } from "./present.ts";
import { normalTarget, resolveDestinations, respondentOf } from "./resolve-destinations.ts";
import type { TargetRow } from "./targets.ts";

const dayMs = 86_400_000;
const defaultDeadlineMs = 7 * dayMs;
const longestDeadlineMs = 365 * dayMs;

/**
 * Ask Agent: records the request, the event that wakes the dispatcher, and the timers behind both, in one transaction.
 * Throws 422 naming the field for an unknown node, agent or integration, a deadline in the past, or a quorum above the number asked.
 */
export const createRequest = async (ctx: ProjectContext, input: CreateRequestInput): Promise<AgentRequest> => {
	await authorize(ctx, "requests:create");
	return inTransaction(ctx, async (tx) => {
		// What doesn't wait for each other is asked at once: fewer round trips is what makes asking fast.
		const [[node]] = await Promise.all([
			tx.db
				.select({ planId: planNodes.planId, now: sql<Date>`now()`.mapWith(planNodes.createdAt), newId: sql<string>`uuidv7()` })
				.from(planNodes)
				.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.id, input.node_id))),
			assertTargets(tx, input.targets.map(normalTarget)),
		]);
		if (!node)
			throw new UnprocessableError("There is no such node in this project.", [
				{ field: "body.node_id", message: "is not a node of this project" },
			]);
		await assertQuorum(tx, node.planId, input);
		const deadlineAt = deadlineOf(node.now, input);

		const { actor } = tx;
		// Begun here, ahead of its targets: they go to the server in the order in which they begin.
		const inserting = tx.db
			.insert(agentRequests)
			.values({
				id: node.newId,
				projectId: tx.projectId,
				planId: node.planId,
				nodeId: input.node_id,
				question: input.question,
				answerPolicy: input.answer_policy,
				askedBy: actorName(actor),
				askedByUserId: actor.type === "user" || actor.type === "token" ? actor.userId : null,
				deadlineAt,
				requestId: tx.requestId,
				traceId: tx.traceId,
			})
			.returning()
			.execute();
		const [[row], targets] = await Promise.all([inserting, insertTargets(tx, node.newId, input.targets)]);
		if (!row) throw new Error("The insert returned no row.");
		setTimers(
			tx,
			{ type: "agent.request.dispatch.due", subjectId: row.id, dueInMs: backstopMs, data: { agent_request_id: row.id } },
			{ type: "agent.request.deadline.due", subjectId: row.id, dueAt: deadlineAt, data: { agent_request_id: row.id } },
		);
		emit(tx, { type: "agent.request.created", subjectId: row.id, data: { agent_request_id: row.id, node_id: row.nodeId } });
		return presentRequest(row, targets);
	});
};

const insertTargets = async (tx: Tx<ProjectContext>, agentRequestId: string, targets: RequestTarget[]): Promise<TargetRow[]> =>
	targets.length === 0
		? []
		: tx.db
				.insert(agentRequestTargets)
				.values(
					targets.map((target, position) => ({
						projectId: tx.projectId,
						agentRequestId,
						position,
						...("agent_id" in target ? { agentId: target.agent_id } : { integrationId: target.integration_id, address: target.address }),
					})),
				)
				.returning();

/** By the database's clock, which also tells when it has passed. */
const deadlineOf = (moment: Date, { deadline_at }: CreateRequestInput): Date => {
	const now = moment.getTime();
	if (deadline_at === undefined) return new Date(now + defaultDeadlineMs);
	const deadline = new Date(deadline_at);
	if (deadline.getTime() <= now)
		throw new UnprocessableError("The deadline has already passed.", [{ field: "body.deadline_at", message: "must be in the future" }]);
	if (deadline.getTime() > now + longestDeadlineMs)
		throw new UnprocessableError("The deadline is too far away.", [{ field: "body.deadline_at", message: "must be within a year" }]);
	return deadline;
};

const assertTargets = async (ctx: ProjectContext, targets: RequestTarget[]): Promise<void> => {
	const agentIds = targets.flatMap((target) => ("agent_id" in target ? [target.agent_id] : []));
	const integrationIds = targets.flatMap((target) => ("agent_id" in target ? [] : [target.integration_id]));
	const [knownAgents, knownIntegrations] = await Promise.all([
		agentIds.length === 0
			? []
			: ctx.db
					.select({ id: agents.id })
					.from(agents)
					.where(and(eq(agents.projectId, ctx.projectId), inArray(agents.id, agentIds))),
		integrationIds.length === 0
			? []
			: ctx.db
					.select({ id: messagingIntegrations.id })
					.from(messagingIntegrations)
					.where(and(eq(messagingIntegrations.projectId, ctx.projectId), inArray(messagingIntegrations.id, integrationIds))),
	]);
	const known = new Set([...knownAgents, ...knownIntegrations].map(({ id }) => id));
	const fields = targets.flatMap((target, index) => {
		const [name, id] =
			"agent_id" in target ? (["agent_id", target.agent_id] as const) : (["integration_id", target.integration_id] as const);
		return known.has(id)
			? []
			: [{ field: `body.targets.${index}.${name}`, message: `is not an ${name === "agent_id" ? "agent" : "integration"} of this project` }];
	});
	if (fields.length > 0) throw new UnprocessableError("Somebody you want to ask is not in this project.", fields);
};

const assertQuorum = async (ctx: ProjectContext, planId: string, { answer_policy, targets }: CreateRequestInput): Promise<void> => {
	if (answer_policy.kind !== "quorum") return;
	const destinations = await resolveDestinations(ctx, planId, targets);
	const asked = new Set(
		destinations.map(({ agent, integrationId, address }) => respondentOf({ agentId: agent?.id ?? null, integrationId, address })),
	).size;
	const needed = answersNeeded(answer_policy, asked);
	if (needed > asked)
		throw new UnprocessableError(`${needed} answers are asked for, but only ${asked} can be reached.`, [
			{ field: "body.answer_policy.count", message: `must be at most ${asked}` },
		]);
};
