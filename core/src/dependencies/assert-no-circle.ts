import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { UnprocessableError } from "../errors.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { describeStep } from "./describe-step.ts";
import { readReach } from "./read-reach.ts";
import { type Place, type Visit, walk, wayTo } from "./walk.ts";

/**
 * Throws UnprocessableError, with the circle, where the upstream node can only be finished after the start of the one that shall
 * wait for it. Deleted nodes count, since they may come back. Take `lockDependencies` first.
 */
export const assertMayBlock = async (tx: Tx<ProjectContext>, upstreamId: string, downstreamId: string): Promise<void> => {
	const way = await findWay(tx, { nodeId: downstreamId, point: "start" }, { nodeId: upstreamId, point: "finish" });
	if (way === null) return;
	const title = await nameNodes(tx, way);
	const circle = [...describe(way, title), `${title(upstreamId)} would block ${title(downstreamId)}`].join(", ");
	throw new UnprocessableError(`These nodes would wait for each other in a circle: ${circle}. Remove one of these links first.`, [
		{ field: "body.node_id", message: `would close a circle: ${circle}` },
	]);
};

/**
 * The same for a node that was put under another one, in the transaction that did so: throws where it has come to wait for itself.
 * Take `lockDependencies` before it is put there.
 */
export const assertMayStandThere = async (
	tx: Tx<ProjectContext>,
	{ id, parentId }: { id: string; parentId: string | null },
): Promise<void> => {
	if (parentId === null) return;
	const way =
		(await findWay(tx, { nodeId: id, point: "start" }, { nodeId: parentId, point: "start" })) ??
		(await findWay(tx, { nodeId: parentId, point: "finish" }, { nodeId: id, point: "finish" }));
	if (way === null) return;
	const title = await nameNodes(tx, way);
	const circle = [...describe(way, title), `${title(id)} would be part of ${title(parentId)}`].join(", ");
	throw new UnprocessableError(`There these nodes would wait for each other in a circle: ${circle}. Remove one of these links first.`, [
		{ field: "body.parent_id", message: `would close a circle: ${circle}` },
	]);
};

const findWay = async (tx: Tx<ProjectContext>, from: Place, to: Place): Promise<Visit[] | null> => {
	const { graph } = await readReach(tx, from, "downstream", { everything: true });
	return wayTo(walk(graph, from, "downstream"), to);
};

/** The steps of a way, each as a clause. */
const describe = (way: Visit[], title: (nodeId: string) => string): string[] =>
	way.flatMap((visit) => (visit.from === null ? [] : (describeStep(visit.from, visit, title) ?? [])));

/** What a node on the way is called, to somebody who may not see it. */
const nameNodes = async (tx: Tx<ProjectContext>, way: Visit[]) => {
	const ids = way.map(({ nodeId }) => nodeId);
	const { rows } = await tx.db.execute<{ id: string; title: string; deleted: boolean }>(sql`
		select node.id, node.title, node.deleted_at is not null as deleted from plan_nodes node
		where node.project_id = ${tx.projectId} and node.id = any(${sql.param(ids)}::uuid[]) and ${inVisiblePlan(tx, sql`node.plan_id`)}`);
	const names = new Map(rows.map(({ id, title, deleted }) => [id, `“${title}”${deleted ? " (deleted)" : ""}`]));
	return (nodeId: string) => names.get(nodeId) ?? "a node that you don't see";
};
