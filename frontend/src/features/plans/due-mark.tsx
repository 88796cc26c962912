import type { PlanTreeNode } from "@agentplanner/contracts";
import { IconAlertCircle } from "@tabler/icons-react";
import { formatDay } from "../../time/format.ts";
import { useIsPast } from "../../time/use-now.ts";

type Due = Pick<PlanTreeNode, "due_at" | "status">;

const isOpen = ({ status }: Due): boolean => status !== "completed" && status !== "cancelled";

/** The day in a row of the tree. */
export const DueMark = ({ node }: { node: Due }) => {
	const overdue = useOverdue(node);
	if (node.due_at === null) return null;
	const day = formatDay(node.due_at);
	return (
		<span className="tree-due tiny dim num" data-overdue={overdue} title={overdue ? `Overdue: was due ${day}` : `Due ${day}`}>
			{overdue && <IconAlertCircle size={13} aria-hidden />}
			<span className="visually-hidden">{overdue ? "Overdue: " : "Due "}</span>
			{day}
		</span>
	);
};

/** Says beside the date that it is over. */
export const OverdueNote = ({ node }: { node: Due }) =>
	useOverdue(node) && (
		<span className="overdue-note">
			<IconAlertCircle size={14} aria-hidden />
			Overdue
		</span>
	);

const useOverdue = (node: Due): boolean => useIsPast(node.due_at === null || !isOpen(node) ? null : Date.parse(node.due_at));
