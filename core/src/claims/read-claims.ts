import type { Action, Claim } from "@agentplanner/contracts";
import { agents, and, desc, eq, lt, nodeClaims, planNodes, type SQL, users } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { authorizeMissing, authorizePlan } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { isLiveClaim } from "./live-claims.ts";

export type ClaimRow = typeof nodeClaims.$inferSelect;
export type KnownClaim = { row: ClaimRow; title: string; userName: string | null; agentName: string | null };

const selectClaims = (ctx: ProjectContext) =>
	ctx.db
		.select({ row: nodeClaims, title: planNodes.title, userName: users.name, agentName: agents.name })
		.from(nodeClaims)
		.innerJoin(planNodes, eq(planNodes.id, nodeClaims.nodeId))
		.leftJoin(users, eq(users.id, nodeClaims.userId))
		.leftJoin(agents, eq(agents.id, nodeClaims.agentId));

type Filter = { planId?: string | undefined; nodeId?: string | undefined; agentId?: string | undefined; only?: SQL };

/** Those that are held now, newest first. */
export const readLiveClaims = (
	ctx: ProjectContext,
	{ planId, nodeId, agentId, only }: Filter,
	{ before, limit }: { before: string | null; limit: number },
): Promise<KnownClaim[]> =>
	selectClaims(ctx)
		.where(
			and(
				eq(nodeClaims.projectId, ctx.projectId),
				isLiveClaim,
				isLiveNode,
				only,
				planId === undefined ? undefined : eq(nodeClaims.planId, planId),
				nodeId === undefined ? undefined : eq(nodeClaims.nodeId, nodeId),
				agentId === undefined ? undefined : eq(nodeClaims.agentId, agentId),
				before === null ? undefined : lt(nodeClaims.id, before),
			),
		)
		.orderBy(desc(nodeClaims.id))
		.limit(limit);

const findClaim = async (ctx: ProjectContext, claimId: string): Promise<KnownClaim | undefined> =>
	(await selectClaims(ctx).where(and(eq(nodeClaims.projectId, ctx.projectId), eq(nodeClaims.id, claimId))))[0];

/** A claim of this project, however it stands, or NotFoundError. */
export const loadClaim = async (ctx: ProjectContext, claimId: string): Promise<KnownClaim> => {
	const known = await findClaim(ctx, claimId);
	if (!known) throw new NotFoundError("claim");
	return known;
};

/** The same, of a node in whose plan the caller may do this. Throws as authorizeNode does, and NotFoundError without the claim. */
export const authorizeClaim = async (
	ctx: ProjectContext,
	action: Action,
	claimId: string,
	options: { even?: "archived" } = {},
): Promise<KnownClaim> => {
	const [found] = await ctx.db
		.select({ planId: nodeClaims.planId })
		.from(nodeClaims)
		.where(and(eq(nodeClaims.projectId, ctx.projectId), eq(nodeClaims.id, claimId)));
	if (!found) return authorizeMissing(ctx, action, "claim");
	await authorizePlan(ctx, action, found.planId, { ...options, what: "claim" });
	return loadClaim(ctx, claimId);
};

const nameOf = ({ userName, agentName }: KnownClaim): string => userName ?? agentName ?? "Somebody";

export const presentClaim = (known: KnownClaim): Claim => ({
	id: known.row.id,
	project_id: known.row.projectId,
	plan_id: known.row.planId,
	node: { id: known.row.nodeId, title: known.title },
	holder: { user_id: known.row.userId, agent_id: known.row.agentId, name: nameOf(known) },
	fence: known.row.fence,
	lease_seconds: known.row.leaseSeconds,
	lease_until: known.row.leaseUntil.toISOString(),
	created_at: known.row.createdAt.toISOString(),
	ended_at: known.row.endedAt?.toISOString() ?? null,
	ended_as: known.row.endedAs,
});

const endWords = {
	released: "was given up",
	expired: "ran out",
	broken: "was broken by a person",
	finished: "ended with the task",
} as const;

/** Why a claim can't be renewed, given up or broken any more. */
export const claimIsOver = ({ row }: KnownClaim): ConflictError =>
	new ConflictError(
		`This claim ${endWords[row.endedAs ?? "expired"]} at ${(row.endedAt ?? row.leaseUntil).toISOString()}. Claim the task again to go on.`,
	);

/** Who holds the node and until when; null if nobody does. */
export const describeHolder = async (ctx: ProjectContext, nodeId: string): Promise<string | null> => {
	const [known] = await readLiveClaims(ctx, { nodeId }, { before: null, limit: 1 });
	return known ? `held by ${nameOf(known)} until ${known.row.leaseUntil.toISOString()}` : null;
};
