import { type Role, roleMay } from "@agentplanner/contracts";
import { and, asc, eq, events, gt } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { type Audience, readAudience } from "../plans/audience.ts";

export type Change = { entity: string; id: string; position: number };

/** Who hears: a member, by their role in the project. */
export type Hearer = { userId: string; role: Role };

export type Changes = {
	/** Each in order, with the request that it is part of behind it. */
	all: Change[];
	/** Whether somebody's role in the project has changed among them. */
	ofMembers: boolean;
	/**
	 * What a hearer is told: the changes of what they may see, or that they should read everything again, since what that is has changed. Of
	 * what is in a plan an id is told to those alone who see the plan; of what is in none, guests hear of the project and themselves alone,
	 * and of what few may read those few.
	 */
	toldTo(hearer: Hearer): Change[] | "everything";
};

type Placed = { changes: Change[]; planId: string | null; moves: Moves; ownerId: unknown };
/** Whose sight an event may have changed: theirs, or that of all who see plans by their role in the project. */
type Moves = readonly string[] | "members" | null;

/**
 * What open pages must read again: the subjects of a project's events after a position, at most `limit` of them. Whoever is told
 * is judged as of now, with one query for all.
 */
export const readChanges = async (
	ctx: Context,
	{ projectId, after, limit }: { projectId: string; after: number; limit: number },
): Promise<Changes> => {
	const rows = await ctx.db
		.select({
			type: events.type,
			entity: events.subjectType,
			id: events.subjectId,
			position: events.position,
			data: events.data,
			planId: events.planId,
		})
		.from(events)
		.where(and(eq(events.projectId, projectId), gt(events.position, after)))
		.orderBy(asc(events.position))
		.limit(limit);
	const placed = rows.map(({ type, entity, id, position, data, planId }): Placed => {
		const change = { entity, id, position: position ?? 0 };
		const request = data.agent_request_id;
		const ofRequest = entity !== "request" && typeof request === "string" ? [{ ...change, entity: "request", id: request }] : [];
		return { changes: [change, ...ofRequest], planId, moves: movesOf(type, id, data), ownerId: data.user_id };
	});
	const audience = await readAudience(ctx, projectId, [...new Set(placed.flatMap(({ planId }) => planId ?? []))]);
	return {
		all: placed.flatMap(({ changes }) => changes),
		ofMembers: placed.some(({ changes: [change] }) => change?.entity === "member"),
		toldTo: (hearer) => choose(placed, hearer, audience),
	};
};

const movesOf = (type: string, subjectId: string, data: Record<string, unknown>): Moves => {
	const users = (...ids: unknown[]) => ids.filter((id) => typeof id === "string");
	switch (type) {
		case "project.member.added":
		case "project.member.changed":
			return [subjectId];
		case "plan.collaborator.added":
		case "plan.collaborator.changed":
		case "plan.collaborator.removed":
			return users(data.user_id);
		case "plan.owner.changed":
			return users(data.from, data.to);
		case "plan.visibility.changed":
			return "members";
		default:
			return null;
	}
};

const choose = (placed: Placed[], hearer: Hearer, audience: Audience): Change[] | "everything" => {
	const { userId, role } = hearer;
	const isMoved = (moves: Moves) => (moves === "members" ? role === "editor" || role === "viewer" : moves?.includes(userId));
	if (placed.some(({ moves }) => isMoved(moves))) return "everything";
	const known = new Map<string, Role | null>();
	/** The role that counts where it happened; null for whom that doesn't exist. */
	const roleAt = (planId: string | null): Role | null => {
		if (planId === null) return role;
		const here = known.has(planId) ? (known.get(planId) ?? null) : audience(hearer, planId);
		known.set(planId, here);
		return here;
	};
	return placed.flatMap(({ changes, planId, ownerId }) => {
		const here = roleAt(planId);
		if (here === null) return [];
		const told = changes.filter((change) => mayRead(change, here, ownerId === userId));
		return role === "guest" ? told.filter((change) => isForGuests(change, planId, userId)) : told;
	});
};

/** What not everybody reads who sees the place: their own tokens, and else by their role there. Votes and commands nobody reads. */
const mayRead = ({ entity }: Change, role: Role, isOwn: boolean): boolean => {
	switch (entity) {
		case "invitation":
			return roleMay(role, "members:write");
		case "token":
			return isOwn || roleMay(role, "tokens:manage");
		case "subscription":
			return roleMay(role, "subscriptions:manage");
		case "vote":
		case "command":
			return false;
		default:
			return true;
	}
};

/** What happens in their plans, the project's own name, and what becomes of them. */
const isForGuests = ({ entity, id }: Change, planId: string | null, userId: string): boolean =>
	planId === null ? entity === "project" || (entity === "member" && id === userId) : entity !== "goal";
