import type { PlanNode } from "@agentplanner/contracts";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconMessageQuestion, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { nodeStatusLooks, StatusBadge } from "../../components/status.tsx";
import { usePlanRights } from "../../queries/rights.ts";
import { formatDay } from "../../time/format.ts";
import "./node-panel.css";
import { BlockedBy } from "./blocked-by.tsx";
import { DueField } from "./due-field.tsx";
import { KindMenu } from "./kind-menu.tsx";
import { nodeKindLooks } from "./node-kinds.ts";
import { NodeStatusMenu } from "./node-status-menu.tsx";
import { TextField } from "./text-field.tsx";
import { TitleField } from "./title-field.tsx";

type Props = { node: PlanNode; path: string[]; onClose: () => void; onAsk: () => void; children: ReactNode };

/** Everything about one node; `children` are its decisions and requests. Mount it with the node's id as key. */
export const NodePanel = ({ node, path, onClose, onAsk, children }: Props) => {
	const { plan, may } = usePlanRights(node.project_id, node.plan_id);
	const mayWrite = may("plans:write");
	const mayAsk = may("requests:create");
	const kind = nodeKindLooks[node.kind];
	const [statusError, setStatusError] = useState<Error | null>(null);
	return (
		<>
			<div className="panel-bar">
				<span className="truncate tiny dim" title={path.join(" / ")}>
					{path.join(" / ")}
				</span>
				<Tooltip label="Close (Esc)">
					<ActionIcon variant="subtle" color="gray" aria-label="Close the panel" onClick={onClose}>
						<IconX size={16} />
					</ActionIcon>
				</Tooltip>
			</div>
			<div className="panel-body">
				<TitleField node={node} readOnly={!mayWrite} />
				<dl className="properties">
					<div>
						<dt>Status</dt>
						<dd>
							{mayWrite ? <NodeStatusMenu node={node} onError={setStatusError} /> : <StatusBadge look={nodeStatusLooks[node.status]} />}
						</dd>
					</div>
					<div>
						<dt>Kind</dt>
						<dd>{mayWrite ? <KindMenu node={node} /> : kind.label}</dd>
					</div>
					<div>
						<dt>Due</dt>
						<dd>{mayWrite ? <DueField node={node} /> : node.due_at === null ? "None" : formatDay(node.due_at)}</dd>
					</div>
				</dl>
				{statusError !== null && <ErrorNotice error={statusError} />}
				<BlockedBy node={node} />
				<Button size="sm" leftSection={<IconMessageQuestion size={16} />} onClick={onAsk} disabled={!mayAsk} className="ask-button">
					Ask Agent
				</Button>
				{plan?.status === "archived" ? (
					<p className="tiny dim">This plan is archived: it can be read, and what was under way ends.</p>
				) : (
					plan !== null &&
					!mayAsk && <p className="tiny dim">You are a viewer here: you can read everything. Asking and changing takes an editor.</p>
				)}
				<TextField
					node={node}
					field="agent_instructions"
					readOnly={!mayWrite}
					label="Agent instructions"
					placeholder="What an agent must know or respect. Passed on to everything below, too."
				/>
				<TextField
					node={node}
					field="acceptance_criteria"
					readOnly={!mayWrite}
					label="Acceptance criteria"
					placeholder="How to tell that this is done."
				/>
				{children}
			</div>
		</>
	);
};
