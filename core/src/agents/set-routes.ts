import type { FieldError, RouteList, SetRoutesInput } from "@agentplanner/contracts";
import { agents, and, eq, inArray, messagingIntegrations, plans, projects, routes } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { assertVersion } from "../version.ts";
import { authorizeOwner, isOwnedBy, loadRoutes, ownerColumns, type RouteOwner } from "./queries.ts";

/**
 * Replaces all routes of an agent, a plan or the project by these, in this order; of two at once the later one counts.
 * Throws NotFoundError without the agent or plan, ForbiddenError below admin, PreconditionFailedError when the list is no longer at
 * `expectedVersion` (null: whatever it is at), and UnprocessableError, which names each route, for an integration that is not in
 * the project or a route that stands in the list twice.
 */
export const setRoutes = async (
	ctx: ProjectContext,
	owner: RouteOwner,
	input: SetRoutesInput,
	expectedVersion: string | null,
): Promise<RouteList> => {
	await authorizeOwner(ctx, "routes:write", owner);
	return inTransaction(ctx, async (tx) => {
		const subject = await lockOwner(tx, owner);
		assertVersion((await loadRoutes(tx, owner)).version, expectedVersion);
		await assertRoutes(tx, input);
		await tx.db.delete(routes).where(isOwnedBy(tx, owner));
		if (input.routes.length > 0)
			await tx.db.insert(routes).values(
				input.routes.map((route, position) => ({
					projectId: ctx.projectId,
					...ownerColumns(owner),
					integrationId: route.integration_id,
					address: route.address,
					position,
				})),
			);
		const type = `${subject.type}.routes.changed` as const;
		emit(tx, { type, subjectId: subject.id, data: { count: input.routes.length } });
		await audit(tx, { type, subjectId: subject.id, data: { routes: input.routes } });
		return loadRoutes(tx, owner);
	});
};

/** Two replacements at once take turns: each deletes what the other wrote instead of clashing with it. */
const lockOwner = async (tx: Tx<ProjectContext>, owner: RouteOwner): Promise<{ id: string; type: "agent" | "plan" | "project" }> => {
	if (owner === "project") {
		const [project] = await tx.db.select({ id: projects.id }).from(projects).where(eq(projects.id, tx.projectId)).for("no key update");
		if (!project) throw new NotFoundError("project");
		return { ...project, type: "project" };
	}
	if ("agentId" in owner) {
		const [agent] = await tx.db
			.select({ id: agents.id })
			.from(agents)
			.where(and(eq(agents.projectId, tx.projectId), eq(agents.id, owner.agentId)))
			.for("no key update");
		if (!agent) throw new NotFoundError("agent");
		return { ...agent, type: "agent" };
	}
	const [plan] = await tx.db
		.select({ id: plans.id })
		.from(plans)
		.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, owner.planId)))
		.for("no key update");
	if (!plan) throw new NotFoundError("plan");
	return { ...plan, type: "plan" };
};

const assertRoutes = async (tx: Tx<ProjectContext>, input: SetRoutesInput) => {
	const wanted = input.routes.map((route) => route.integration_id);
	const known = new Set(
		(
			await tx.db
				.select({ id: messagingIntegrations.id })
				.from(messagingIntegrations)
				.where(and(eq(messagingIntegrations.projectId, tx.projectId), inArray(messagingIntegrations.id, wanted)))
		).map(({ id }) => id),
	);
	const seen = new Set<string>();
	const fields: FieldError[] = [];
	for (const [index, { integration_id, address }] of input.routes.entries()) {
		const field = `body.routes.${index}.integration_id`;
		const id = integration_id.toLowerCase();
		if (!known.has(id)) fields.push({ field, message: "is not an integration of this project" });
		else if (seen.has(`${id}/${address}`)) fields.push({ field, message: "stands in the list already, with the same address" });
		seen.add(`${id}/${address}`);
	}
	if (fields.length > 0)
		throw new UnprocessableError("Some routes can't be used. Choose integrations of this project, and each address once.", fields);
};
