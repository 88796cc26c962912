import { foreignKey, index, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { citext } from "./columns.ts";
import { planNodes } from "./plans.ts";

export const planNodeLabels = pgTable(
	"plan_node_labels",
	{
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		label: citext().notNull(),
	},
	(table) => [
		// also the labels of a whole plan
		primaryKey({ columns: [table.planId, table.nodeId, table.label] }),
		foreignKey({
			name: "plan_node_labels_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		// the labels of a project, and the nodes that have one of them
		index("plan_node_labels_label_index").on(table.projectId, table.label, table.nodeId),
	],
);
