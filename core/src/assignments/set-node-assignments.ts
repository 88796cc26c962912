import type { Assignee, AssignmentList, FieldError, SetAssignmentsInput } from "@agentplanner/contracts";
import { agents, and, eq, inArray, nodeAssignments, notInArray, projectMembers } from "@agentplanner/db";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { lockPlan } from "../plans/parent.ts";
import { assertVersion } from "../version.ts";
import { readNodeAssignments } from "./read-assignments.ts";

/**
 * Replaces who is assigned to a node; whoever stays keeps the date. Throws NotFoundError, ForbiddenError below editor,
 * PreconditionFailedError when the list is no longer at `expectedVersion`, and UnprocessableError, which names each, for whoever is no
 * member or agent of this project or named twice.
 */
export const setNodeAssignments = async (
	ctx: ProjectContext,
	nodeId: string,
	{ assignees }: SetAssignmentsInput,
	expectedVersion: string | null,
): Promise<AssignmentList> => {
	const { planId } = await authorizeNode(ctx, "plans:write", nodeId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		const [node] = await lockNodes(tx, [nodeId]);
		if (!node) throw new NotFoundError("node");
		const before = await readNodeAssignments(tx, node.id);
		assertVersion(before.version, expectedVersion);
		await assertAssignable(tx, assignees);
		const wanted = new Set(assignees.map(keyOf));
		const kept = before.items.filter((item) => wanted.has(item.user_id ?? item.agent_id ?? ""));
		const known = new Set(kept.map((item) => item.user_id ?? item.agent_id));
		const added = assignees.filter((assignee) => !known.has(keyOf(assignee)));
		if (added.length === 0 && kept.length === before.items.length) return before;
		const gone = notInArray(
			nodeAssignments.id,
			kept.map(({ id }) => id),
		);
		await tx.db.delete(nodeAssignments).where(and(eq(nodeAssignments.nodeId, node.id), kept.length > 0 ? gone : undefined));
		if (added.length > 0) {
			const { actor } = tx;
			const assignedBy = {
				assignedBy: actorName(actor),
				assignedByUserId: actor.type === "user" || actor.type === "token" ? actor.userId : null,
			};
			const place = { projectId: node.projectId, planId: node.planId, nodeId: node.id };
			await tx.db.insert(nodeAssignments).values(added.map((assignee) => ({ ...place, ...assignedBy, ...columnsOf(assignee) })));
		}
		emit(tx, { type: "node.assignments.changed", subjectId: node.id, data: { plan_id: node.planId, assignees } });
		return readNodeAssignments(tx, node.id);
	});
};

const keyOf = (assignee: Assignee): string => ("user_id" in assignee ? assignee.user_id : assignee.agent_id).toLowerCase();

const columnsOf = (assignee: Assignee) =>
	"user_id" in assignee ? { userId: assignee.user_id, agentId: null } : { userId: null, agentId: assignee.agent_id };

const assertAssignable = async (tx: Tx<ProjectContext>, assignees: Assignee[]): Promise<void> => {
	const ids = assignees.map(keyOf);
	const [members, known] = await Promise.all([
		tx.db
			.select({ id: projectMembers.userId })
			.from(projectMembers)
			.where(and(eq(projectMembers.projectId, tx.projectId), inArray(projectMembers.userId, ids))),
		tx.db
			.select({ id: agents.id })
			.from(agents)
			.where(and(eq(agents.projectId, tx.projectId), inArray(agents.id, ids))),
	]);
	const userIds = new Set(members.map(({ id }) => id));
	const agentIds = new Set(known.map(({ id }) => id));
	const fields = assignees.flatMap((assignee, index): FieldError[] => {
		const key = keyOf(assignee);
		const field = `body.assignees.${index}`;
		if (ids.indexOf(key) < index) return [{ field, message: "is named twice" }];
		if ("user_id" in assignee) return userIds.has(key) ? [] : [{ field, message: "is not a member of this project" }];
		return agentIds.has(key) ? [] : [{ field, message: "is not an agent of this project" }];
	});
	if (fields.length > 0)
		throw new UnprocessableError("Some of them can't be assigned. Choose members and agents of this project, each once.", fields);
};
