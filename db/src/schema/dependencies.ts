import { dependencyKinds } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { planNodes } from "./plans.ts";

/** `blocks`: the downstream node waits until the upstream one is finished. `relates_to` has no direction, so its ends are in order. */
export const planNodeDependencies = pgTable(
	"plan_node_dependencies",
	{
		id: id(),
		projectId: uuid().notNull(),
		kind: text({ enum: dependencyKinds }).notNull(),
		upstreamId: uuid().notNull(),
		downstreamId: uuid().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		// one of a kind between two nodes; also what a node blocks
		unique("plan_node_dependencies_key").on(table.projectId, table.upstreamId, table.downstreamId, table.kind),
		// what a node waits for
		index("plan_node_dependencies_downstream_index").on(table.projectId, table.downstreamId, table.kind),
		foreignKey({
			name: "plan_node_dependencies_upstream_fk",
			columns: [table.projectId, table.upstreamId],
			foreignColumns: [planNodes.projectId, planNodes.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_node_dependencies_downstream_fk",
			columns: [table.projectId, table.downstreamId],
			foreignColumns: [planNodes.projectId, planNodes.id],
		}).onDelete("cascade"),
		check("plan_node_dependencies_kind_check", oneOf("kind", dependencyKinds)),
		check("plan_node_dependencies_not_itself", sql`upstream_id <> downstream_id`),
		check("plan_node_dependencies_related_in_order", sql`kind <> 'relates_to' or upstream_id < downstream_id`),
	],
);
