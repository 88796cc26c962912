import type { PlanNode } from "@agentplanner/contracts";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconMessageQuestion, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { usePlanRights } from "../../queries/rights.ts";
import "./node-panel.css";
import { BlockedBy } from "./blocked-by.tsx";
import { NodeProperties } from "./node-properties.tsx";
import { NodeTexts } from "./node-texts.tsx";
import { TitleField } from "./title-field.tsx";

type Props = { node: PlanNode; path: string[]; onClose: () => void; onAsk: () => void; children: ReactNode };

/** Everything about one node; `children` are its decisions and requests. Mount it with the node's id as key. */
export const NodePanel = ({ node, path, onClose, onAsk, children }: Props) => {
	const { plan, may } = usePlanRights(node.project_id, node.plan_id);
	const mayWrite = may("plans:write");
	const mayAsk = may("requests:create");
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
				<NodeProperties node={node} readOnly={!mayWrite} />
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
				<NodeTexts node={node} readOnly={!mayWrite} />
				{children}
			</div>
		</>
	);
};
