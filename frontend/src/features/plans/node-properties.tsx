import type { PlanNode } from "@agentplanner/contracts";
import { type ReactNode, useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { nodeStatusLooks, StatusBadge } from "../../components/status.tsx";
import { formatDay } from "../../time/format.ts";
import { ChoiceMenu } from "./choice-menu.tsx";
import { DueField } from "./due-field.tsx";
import { OverdueNote } from "./due-mark.tsx";
import { LabelsField } from "./labels-field.tsx";
import { nodeKindLooks } from "./node-kinds.ts";
import { NodeStatusMenu } from "./node-status-menu.tsx";
import { taskModeLooks } from "./task-modes.ts";

/** What a node is, in a word or two each. */
export const NodeProperties = ({ node, readOnly }: { node: PlanNode; readOnly: boolean }) => {
	const [statusError, setStatusError] = useState<Error | null>(null);
	return (
		<>
			<dl className="properties">
				<Property term="Status">
					{readOnly ? <StatusBadge look={nodeStatusLooks[node.status]} /> : <NodeStatusMenu node={node} onError={setStatusError} />}
				</Property>
				<Property term="Kind">
					{readOnly ? nodeKindLooks[node.kind].label : <ChoiceMenu node={node} field="kind" label="Kind" looks={nodeKindLooks} />}
				</Property>
				<Property term="Mode">
					{readOnly ? (
						taskModeLooks[node.task_mode].label
					) : (
						<ChoiceMenu node={node} field="task_mode" label="Task mode" looks={taskModeLooks} />
					)}
				</Property>
				<Property term="Due">
					{readOnly ? node.due_at === null ? "None" : formatDay(node.due_at) : <DueField node={node} />}
					<OverdueNote node={node} />
				</Property>
				<Property term="Labels">
					<LabelsField node={node} readOnly={readOnly} />
				</Property>
			</dl>
			{statusError !== null && <ErrorNotice error={statusError} />}
		</>
	);
};

const Property = ({ term, children }: { term: string; children: ReactNode }) => (
	<div>
		<dt>{term}</dt>
		<dd>{children}</dd>
	</div>
);
