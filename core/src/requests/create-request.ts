import type { AgentRequest, CreateRequestInput, Ladder, RequestTarget } from "@agentplanner/contracts";
import {
	agentRequests,
	agentRequestTargets,
	agents,
	and,
	eq,
	type Given,
	messagingIntegrations,
	planNodes,
	plans,
	prepared,
	projects,
	sql,
	withCommit,
} from "@agentplanner/db";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { assertMayInPlan, given, readProjectRole, standing } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { backstopMs, setTimers } from "../timers.ts";
import { answersNeeded } from "./answer-policy.ts";
import { freezeLadder } from "./ladder.ts";
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
export const createRequest = (ctx: ProjectContext, input: CreateRequestInput): Promise<AgentRequest> =>
	inTransaction(ctx, async (tx) => {
		const targets = input.targets.map(normalTarget);
		// Asked for together, which is what makes asking fast; whoever may not ask hears that, and nothing of what was found.
		const [role, [node], known] = await Promise.all([
			readProjectRole(tx, "requests:create"),
			findNode(tx.db, { ...given(tx), nodeId: input.node_id, agentIds: agentIdsOf(targets) }),
			readKnownTargets(tx, targets),
		]);
		assertMayInPlan(tx.actor, "requests:create", role, node?.plan, unknownNode);
		if (!node) throw unknownNode();
		assertTargets(targets, known);
		await assertQuorum(tx, node.planId, input);
		const deadlineAt = deadlineOf(node.now, input);

		const { actor } = tx;
		const { newId } = node;
		// Begun ahead of its targets: they go to the server in the order in which they begin.
		const inserting = insertRequest(tx.db, {
			id: newId,
			projectId: tx.projectId,
			planId: node.planId,
			nodeId: node.id,
			question: input.question,
			answerPolicy: input.answer_policy,
			askedBy: actorName(actor),
			askedByUserId: actor.type === "user" || actor.type === "token" ? actor.userId : null,
			deadlineAt,
			ladder: freezeLadder(input.ladder ?? node.ladder, node.quietHours),
			requestId: tx.requestId,
			traceId: tx.traceId,
		});
		const data = { agent_request_id: newId };
		setTimers(
			tx,
			{ type: "agent.request.dispatch.due", subjectId: newId, dueInMs: backstopMs, data },
			{ type: "agent.request.deadline.due", subjectId: newId, dueAt: deadlineAt, data },
		);
		emit(tx, { type: "agent.request.created", subjectId: newId, data: { ...data, node_id: node.id } });
		return withCommit(
			Promise.all([inserting, insertTargets(tx, newId, targets)]).then(([[row], asked]) => {
				if (!row) throw new Error("The insert returned no row.");
				return presentRequest(row, asked);
			}),
		);
	});

const unknownNode = () =>
	new UnprocessableError("There is no such node in this project.", [{ field: "body.node_id", message: "is not a node of this project" }]);

/** The node, with how its plan stands, the ladder of who is asked, else the project's, its quiet hours, and the moment and the request's id, both of the database. */
const findNode = prepared((db, asking: Given<ReturnType<typeof given> & { nodeId: string; agentIds: string[] }>) =>
	db
		.select({
			id: planNodes.id,
			planId: planNodes.planId,
			now: sql<Date>`now()`.mapWith(planNodes.createdAt),
			newId: sql<string>`uuidv7()`,
			plan: standing(asking),
			ladder: sql<Ladder>`coalesce((
				select ladder from agents
				where project_id = ${projects.id} and id = any(${asking.agentIds}::uuid[]) and ladder is not null
				order by array_position(${asking.agentIds}::uuid[], id) limit 1
			), ${projects.ladder})`,
			quietHours: projects.quietHours,
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(and(eq(planNodes.projectId, asking.projectId), eq(planNodes.id, asking.nodeId), isLiveNode)),
);

type NewRequest = Pick<typeof agentRequests.$inferSelect, "id" | "projectId" | "planId" | "nodeId" | "question" | "answerPolicy"> &
	Pick<typeof agentRequests.$inferSelect, "askedBy" | "askedByUserId" | "deadlineAt" | "ladder" | "requestId" | "traceId">;

const insertRequest = prepared((db, request: Given<NewRequest>) =>
	db
		.insert(agentRequests)
		.values({
			id: request.id,
			projectId: request.projectId,
			planId: request.planId,
			nodeId: request.nodeId,
			question: request.question,
			answerPolicy: request.answerPolicy,
			askedBy: request.askedBy,
			askedByUserId: request.askedByUserId,
			deadlineAt: request.deadlineAt,
			ladder: request.ladder,
			requestId: request.requestId,
			traceId: request.traceId,
		})
		.returning(),
);

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
				.returning()
				.execute();

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

/** Which of these are agents and integrations of the project: their ids. */
const findTargets = prepared((db, given: Given<{ projectId: string; agentIds: string[]; integrationIds: string[] }>) =>
	db
		.select({ id: agents.id })
		.from(agents)
		.where(and(eq(agents.projectId, given.projectId), eq(agents.id, sql`any(${given.agentIds})`)))
		.unionAll(
			db
				.select({ id: messagingIntegrations.id })
				.from(messagingIntegrations)
				.where(and(eq(messagingIntegrations.projectId, given.projectId), eq(messagingIntegrations.id, sql`any(${given.integrationIds})`))),
		),
);

const agentIdsOf = (targets: RequestTarget[]): string[] => targets.flatMap((target) => ("agent_id" in target ? [target.agent_id] : []));

const readKnownTargets = async ({ db, projectId }: ProjectContext, targets: RequestTarget[]): Promise<Set<string>> => {
	if (targets.length === 0) return new Set();
	const integrationIds = targets.flatMap((target) => ("agent_id" in target ? [] : [target.integration_id]));
	const known = await findTargets(db, { projectId, agentIds: agentIdsOf(targets), integrationIds });
	return new Set(known.map(({ id }) => id));
};

const assertTargets = (targets: RequestTarget[], known: Set<string>): void => {
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
