import {
	type CreateDecisionInput,
	type Decision,
	type FieldError,
	type MessageTarget,
	type PlanRole,
	roleMay,
} from "@agentplanner/contracts";
import { agentRequests, and, eq, inArray, projectMembers, sql, users, withCommit } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import { authorize } from "../authorize.ts";
import { type Actor, actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { findRecipient } from "../messages/find-recipient.ts";
import { assertMayInPlan, authorizeNode, readProjectRole, roleInPlan } from "../plans/authorize-plan.ts";
import { asAddressee, tokenAgentId } from "../requests/addressee.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { type Destination, resolveWordOf, respondentOf } from "../requests/resolve-destinations.ts";
import { askForDecision, lockAgent, mayAskByItself, tooManyPending } from "./ask-for-decision.ts";
import { blockNode } from "./hold-node.ts";
import { type Place, readPlace } from "./read-place.ts";
import { storeDecision } from "./store-decision.ts";

const longestExpiryMs = 365 * 86_400_000;

/**
 * Requests a decision from people: the decision, its timer, and word to whoever is told, in one transaction. An agent's own token does
 * so within an open request that was sent to it (404, 409), or of a node that it can work on. Throws 422 naming the field for an unknown node, request, member or
 * integration, a member who doesn't see the plan, a deadline in the past, a rule without its option, and for what is left to people.
 */
export const createDecision = (ctx: ProjectContext, input: CreateDecisionInput): Promise<Decision> => {
	const agentId = tokenAgentId(ctx);
	return agentId === null ? createAsPerson(ctx, input) : createAsAgent(ctx, agentId, input);
};

/** Passes whoever might create it, for who repeats the call. */
export const authorizeCreateDecision = async (ctx: ProjectContext, { node_id }: CreateDecisionInput): Promise<void> => {
	if (tokenAgentId(ctx) === null) await authorizeNode(ctx, "decisions:create", node_id);
	else await authorize(ctx, "decisions:create");
};

const createAsPerson = (ctx: ProjectContext, input: CreateDecisionInput): Promise<Decision> =>
	inTransaction(ctx, async (tx) => {
		const places = await placesOf(tx, input.notify);
		// In one packet, like asking; whoever may not ask hears that, and nothing of what was found.
		const [role, place, request, members, destinations] = await Promise.all([
			readProjectRole(tx, "decisions:create"),
			readPlace(tx, input.node_id),
			readRequest(tx, input.agent_request_id),
			readMembers(tx, input),
			resolveWordOf(tx, { nodeId: input.node_id }, places),
		]);
		assertMayInPlan(tx.actor, "decisions:create", role, place?.plan, unknownNode);
		if (!place || place.isDeleted) throw unknownNode();
		assertNamed(input, place, request, members, places, destinations);
		const { actor } = tx;
		const expiresAt = expiryOf(place.now, input, mayLetApprove(actor));
		if (input.urgency === "blocking") await blockNode(tx, place.nodeId, place.newId);
		return withCommit(
			storeDecision(
				tx,
				place,
				{
					agentRequestId: request?.id ?? null,
					question: input.question,
					details: input.details,
					options: input.options,
					recommendation: input.recommendation,
					urgency: input.urgency,
					deciders: members.filter(({ id }) => isAmong(input.decider_ids, id)).map(({ id, name }) => ({ user_id: id, name })),
					expiresAt,
					onExpiry: input.on_expiry,
					askedBy: actorName(actor),
					askedByUserId: actor.type === "user" || actor.type === "token" ? actor.userId : null,
					askedByAgentId: null,
					askedDeliveryId: null,
					externalId: null,
				},
				destinations,
			),
		);
	});

const createAsAgent = async (ctx: ProjectContext, agentId: string, input: CreateDecisionInput): Promise<Decision> => {
	await authorize(ctx, "decisions:create");
	const fields = (["decider_ids", "notify"] as const).flatMap((name) =>
		input[name].length > 0 ? [{ field: `body.${name}`, message: "is left to people" }] : [],
	);
	if (fields.length > 0) throw new UnprocessableError("An agent asks for a decision; who decides is set up by people.", fields);
	const requestId = input.agent_request_id;
	return requestId === undefined ? createInItsWork(ctx, agentId, input) : createInRequest(ctx, requestId, input);
};

/** Of a node that the agent works on by itself; it is told by its own route. */
const createInItsWork = (ctx: ProjectContext, agentId: string, input: CreateDecisionInput): Promise<Decision> =>
	inTransaction(ctx, async (tx) => {
		const [role, place, , isWithinLimit, destinations] = await Promise.all([
			readProjectRole(tx, "decisions:create"),
			readPlace(tx, input.node_id),
			lockAgent(tx, agentId),
			mayAskByItself(tx, agentId),
			resolveWordOf(tx, { nodeId: input.node_id }),
		]);
		assertMayInPlan(tx.actor, "decisions:create", role, place?.plan, unknownNode);
		if (!place || place.isDeleted) throw unknownNode();
		if (!isWithinLimit) throw tooManyPending("this agent");
		const expiresAt = expiryOf(place.now, input, false);
		recordHeartbeat(tx, agentId);
		if (input.urgency === "blocking") await blockNode(tx, place.nodeId, place.newId);
		const { question, details, options, recommendation, urgency, on_expiry: onExpiry } = input;
		const asked = { question, details, options, recommendation, urgency, onExpiry, expiresAt };
		const by = { askedBy: actorName(tx.actor), askedByUserId: null, askedByAgentId: agentId, askedDeliveryId: null };
		return storeDecision(tx, place, { ...asked, ...by, agentRequestId: null, deciders: [], externalId: null }, destinations);
	});

const createInRequest = async (ctx: ProjectContext, requestId: string, input: CreateDecisionInput): Promise<Decision> => {
	const asAgent = await asAddressee(ctx, requestId);
	return inTransaction(asAgent, async (tx) => {
		const [request, place] = await Promise.all([lockRequest(tx, requestId), readPlace(tx, input.node_id)]);
		if (!isOpen(request)) throw new ConflictError(`This request has already ended: it is ${request.status}.`);
		if (place?.nodeId !== request.nodeId) throw unknownNode("is not the node of that request");
		if (tx.actor.type !== "agent") throw new Error("An addressee acts as its agent.");
		const { agentId, deliveryId, name } = tx.actor;
		const { question, details, options, recommendation, urgency, on_expiry: onExpiry } = input;
		return askForDecision(
			tx,
			request,
			{ agentId, deliveryId, name, respondent: respondentOf({ agentId, integrationId: "", address: "" }) },
			{
				...{ question, details, options, recommendation, urgency, onExpiry },
				expiresAt: expiryOf(place.now, input, false),
				externalId: null,
			},
		);
	});
};

type NamedPlace = { integration_id: string; address: string };

/** The members who are to be told become the places where they are reached. */
const placesOf = async (tx: Tx<ProjectContext>, notify: MessageTarget[]): Promise<NamedPlace[]> => {
	if (notify.some((target) => "user_id" in target)) await authorize(tx, "decisions:create");
	return Promise.all(
		notify.map(async (target, index) => {
			if (!("user_id" in target)) return target;
			const { integrationId, address } = await findRecipient(tx, target, `body.notify.${index}`);
			return { integration_id: integrationId, address };
		}),
	);
};

const unknownNode = (message = "is not a node of this project"): UnprocessableError =>
	new UnprocessableError("There is no such node to decide about.", [{ field: "body.node_id", message }]);

const readRequest = async ({ db, projectId }: ProjectContext, requestId: string | undefined) => {
	if (requestId === undefined) return null;
	const [request] = await db
		.select({ id: agentRequests.id, nodeId: agentRequests.nodeId })
		.from(agentRequests)
		.where(and(eq(agentRequests.projectId, projectId), eq(agentRequests.id, requestId)));
	return request ?? null;
};

const isAmong = (ids: string[], id: string): boolean => ids.some((one) => one.toLowerCase() === id);

/** Who is to decide or to be told, with the role that is shared with them in the node's plan. */
const readMembers = async ({ db, projectId }: ProjectContext, { decider_ids, notify, node_id: nodeId }: CreateDecisionInput) => {
	const userIds = [...decider_ids, ...notify.flatMap((target) => ("user_id" in target ? [target.user_id] : []))];
	const sharedRole = sql<PlanRole | null>`(
		select shared.role from plan_collaborators shared join plan_nodes node on node.plan_id = shared.plan_id
		where node.id = ${nodeId} and shared.user_id = ${users.id}
	)`;
	return userIds.length === 0
		? []
		: db
				.select({ id: users.id, name: users.name, role: projectMembers.role, sharedRole })
				.from(projectMembers)
				.innerJoin(users, eq(users.id, projectMembers.userId))
				.where(and(eq(projectMembers.projectId, projectId), inArray(projectMembers.userId, userIds)))
				.orderBy(users.name);
};

/** Everything that the input names is there and fit for it. */
const assertNamed = (
	input: CreateDecisionInput,
	place: Place,
	request: Awaited<ReturnType<typeof readRequest>>,
	members: Awaited<ReturnType<typeof readMembers>>,
	places: NamedPlace[],
	destinations: Destination[],
): void => {
	const fields: FieldError[] = [];
	if (input.agent_request_id !== undefined && request?.nodeId !== place.nodeId)
		fields.push({ field: "body.agent_request_id", message: "is not a request of this node" });
	const roleHere = ({ id: userId, name, role, sharedRole }: (typeof members)[number]) =>
		roleInPlan({ type: "user", userId, name, sessionId: "" }, role, { ...place.plan, sharedRole });
	for (const [index, id] of input.decider_ids.entries()) {
		const member = members.find((one) => one.id === id.toLowerCase());
		const role = member && roleHere(member);
		if (!member) fields.push({ field: `body.decider_ids.${index}`, message: "is not a member of this project" });
		else if (!role) fields.push({ field: `body.decider_ids.${index}`, message: "doesn't see this plan; share it with them first" });
		else if (!roleMay(role, "decisions:decide"))
			fields.push({ field: `body.decider_ids.${index}`, message: `may not decide as ${role}; an editor may` });
	}
	for (const [index, target] of input.notify.entries()) {
		const member = "user_id" in target ? members.find((one) => one.id === target.user_id.toLowerCase()) : undefined;
		if (member && !roleHere(member))
			fields.push({ field: `body.notify.${index}.user_id`, message: "doesn't see this plan; share it with them first" });
	}
	for (const [index, route] of places.entries())
		if (!destinations.some(({ integrationId }) => integrationId === route.integration_id.toLowerCase()))
			fields.push({ field: `body.notify.${index}.integration_id`, message: "is not an integration of this project" });
	if (fields.length > 0) throw new UnprocessableError("Something that this decision names is not in this project.", fields);
};

/** A person, or a script that could decide at once: else an agent could decide its own question by waiting. */
const mayLetApprove = (actor: Actor): boolean =>
	actor.type === "user" || (actor.type === "token" && actor.scopes.includes("decisions:decide"));

/** The deadline, by the database's clock, which also tells when it has passed. */
const expiryOf = (moment: Date, { expires_at, on_expiry, options, urgency }: CreateDecisionInput, mayApprove: boolean): Date | null => {
	const refuse = (message: string, field: string, what: string) =>
		new UnprocessableError(message, [{ field: `body.${field}`, message: what }]);
	if (on_expiry === "approve" && !mayApprove)
		throw refuse(
			"Only people may have a decision approved by its deadline.",
			"on_expiry",
			"is left to people, and to tokens that may decide",
		);
	if ((on_expiry === "approve" || on_expiry === "reject") && !options.some(({ id }) => id === on_expiry))
		throw refuse(`It can't end as “${on_expiry}”: no option has that id.`, "on_expiry", `needs an option with the id ${on_expiry}`);
	if (on_expiry === "escalate" && urgency === "informational")
		throw refuse("What is for information can't wait for more people.", "on_expiry", "can't be escalate with urgency informational");
	if (expires_at === undefined) {
		if (on_expiry === "wait") return null;
		throw refuse("Without a deadline it never ends by itself.", "expires_at", `is needed with on_expiry ${on_expiry}`);
	}
	const deadline = new Date(expires_at);
	if (deadline.getTime() <= moment.getTime()) throw refuse("The deadline has already passed.", "expires_at", "must be in the future");
	if (deadline.getTime() > moment.getTime() + longestExpiryMs)
		throw refuse("The deadline is too far away.", "expires_at", "must be within a year");
	return deadline;
};
