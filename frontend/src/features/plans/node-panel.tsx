import type { PlanNode } from "@agentplanner/contracts";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconMessageQuestion, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import "./node-panel.css";
import { DueField } from "./due-field.tsx";
import { KindMenu } from "./kind-menu.tsx";
import { NodeStatusMenu } from "./node-status-menu.tsx";
import { TextField } from "./text-field.tsx";
import { TitleField } from "./title-field.tsx";

type Props = { node: PlanNode; path: string[]; onClose: () => void; onAsk: () => void; children: ReactNode };

/** Everything about one node; `children` are its requests. Mount it with the node's id as key. */
export const NodePanel = ({ node, path, onClose, onAsk, children }: Props) => {
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
				<TitleField node={node} />
				<dl className="properties">
					<div>
						<dt>Status</dt>
						<dd>
							<NodeStatusMenu node={node} onError={setStatusError} />
						</dd>
					</div>
					<div>
						<dt>Kind</dt>
						<dd>
							<KindMenu node={node} />
						</dd>
					</div>
					<div>
						<dt>Due</dt>
						<dd>
							<DueField node={node} />
						</dd>
					</div>
				</dl>
				{statusError !== null && <ErrorNotice error={statusError} />}
				<Button size="sm" leftSection={<IconMessageQuestion size={16} />} onClick={onAsk} className="ask-button">
					Ask Agent
				</Button>
				<TextField
					node={node}
					field="agent_instructions"
					label="Agent instructions"
					placeholder="What an agent must know or respect. Passed on to everything below, too."
				/>
				<TextField node={node} field="acceptance_criteria" label="Acceptance criteria" placeholder="How to tell that this is done." />
				{children}
			</div>
		</>
	);
};
