import { isDeepStrictEqual } from "node:util";
import type { Project, UpdateProjectInput } from "@agentplanner/contracts";
import { and, asc, eq, projects, sql, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize, requireUser } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { assertVersion, lostRace } from "../version.ts";
import { loadProject } from "./queries.ts";

/**
 * Changes the given fields; what stays the same changes nothing. The networks are checked by the caller. Throws NotFoundError,
 * ForbiddenError below admin, or for networks of whoever has not the installation's first account, and PreconditionFailedError when
 * the project is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is changed at the same moment).
 */
export const updateProject = async (ctx: ProjectContext, input: UpdateProjectInput, expectedVersion: number | null): Promise<Project> => {
	await authorize(ctx, "project:write");
	return inTransaction(ctx, async (tx) => {
		const [project] = await tx.db.select().from(projects).where(eq(projects.id, tx.projectId));
		if (!project) throw new NotFoundError("project");
		assertVersion(project.version, expectedVersion);
		const changes = changesOf(project, input);
		if (Object.keys(changes).length === 0) return loadProject(tx);
		if (changes.allowedNetworks) await assertFirstAccount(tx);
		const [updated] = await tx.db
			.update(projects)
			.set({ ...changes, version: project.version + 1, updatedAt: sql`now()` })
			.where(and(eq(projects.id, project.id), eq(projects.version, project.version)))
			.returning();
		if (!updated) throw lostRace("project", expectedVersion);
		const data = {
			name: changes.name,
			ladder: changes.ladder,
			quiet_hours: changes.quietHours,
			replay_max_age_days: changes.replayMaxAgeDays,
			...(changes.allowedNetworks ? networksData(project, changes.allowedNetworks) : {}),
		};
		emit(tx, { type: "project.updated", subjectId: project.id, data: { version: updated.version, name: updated.name } });
		await audit(tx, { type: "project.updated", subjectId: project.id, data });
		return loadProject(tx);
	});
};

type Row = typeof projects.$inferSelect;

const networksData = ({ allowedNetworks }: Row, allowed_networks: string[]) => ({ allowed_networks, previous_networks: allowedNetworks });

type Changes = Partial<Pick<Row, "name" | "allowedNetworks" | "ladder" | "quietHours" | "replayMaxAgeDays">>;

const changesOf = (project: Row, input: UpdateProjectInput): Changes => {
	const { replay_max_age_days: days, quiet_hours: quiet } = input;
	const networks = input.allowed_networks && [...new Set(input.allowed_networks)];
	return {
		...(input.name === undefined || input.name === project.name ? {} : { name: input.name }),
		...(days === undefined || days === project.replayMaxAgeDays ? {} : { replayMaxAgeDays: days }),
		...(networks === undefined || networks.join() === project.allowedNetworks.join() ? {} : { allowedNetworks: networks }),
		...(input.ladder === undefined || isDeepStrictEqual(input.ladder, project.ladder) ? {} : { ladder: input.ladder }),
		...(quiet === undefined || isDeepStrictEqual(quiet, project.quietHours) ? {} : { quietHours: quiet }),
	};
};

/** A private network is the installation's: who owns a project there must not open it to themselves. */
const assertFirstAccount = async (tx: Tx<ProjectContext>): Promise<void> => {
	const { userId } = requireUser(tx);
	const [first] = await tx.db.select({ id: users.id }).from(users).orderBy(asc(users.createdAt), asc(users.id)).limit(1);
	if (first?.id !== userId)
		throw new ForbiddenError(
			"Which private networks a project may reach is decided by whoever made this installation's first account. Ask them; they must be an admin of the project.",
		);
};
