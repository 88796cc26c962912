import type { RequestStatus } from "@agentplanner/contracts";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChevronRight, IconMessageQuestion, IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, type KeyboardEvent, memo, useState } from "react";
import { requestStatusLooks, StatusIcon } from "../../components/status.tsx";
import { describeError, fieldErrors } from "../../lib/problems.ts";
import { formatDay } from "../../time/format.ts";
import { nodeKindLooks } from "./node-kinds.ts";
import { NodeStatusMenu } from "./node-status-menu.tsx";
import { NodeTitleInput } from "./node-title-input.tsx";
import { saveField } from "./save-field.ts";
import type { TreeRow as Row } from "./tree.ts";

export type RowActions = {
	select(nodeId: string): void;
	toggle(nodeId: string): void;
	rename(nodeId: string | null): void;
	addChild(nodeId: string): void;
	ask(nodeId: string): void;
	focus(nodeId: string): void;
	keyDown(event: KeyboardEvent, row: Row): void;
};

type Props = { row: Row; selected: boolean; active: boolean; renaming: boolean; request: RequestStatus | undefined; actions: RowActions };

export const rowId = (nodeId: string): string => `node-${nodeId}`;

const TreeRowView = ({ row, selected, active, renaming, request, actions }: Props) => {
	const { node, level } = row;
	const kind = nodeKindLooks[node.kind];
	const [error, setError] = useState<Error | null>(null);
	const closed = node.status === "completed" || node.status === "cancelled";

	return (
		<div
			role="treeitem"
			id={rowId(node.id)}
			aria-level={level}
			aria-posinset={row.index}
			aria-setsize={row.siblings}
			aria-selected={selected}
			aria-expanded={row.hasChildren ? row.expanded : undefined}
			aria-label={node.title}
			tabIndex={active ? 0 : -1}
			className="tree-item"
			onFocus={() => actions.focus(node.id)}
			onKeyDown={(event) => actions.keyDown(event, row)}
			onClick={() => actions.select(node.id)}
			onDoubleClick={() => actions.rename(node.id)}
		>
			<div className="tree-row" data-kind={node.kind} data-closed={closed} style={{ "--level": level } as CSSProperties}>
				{row.hasChildren ? (
					<button
						type="button"
						className="tree-twist"
						tabIndex={-1}
						aria-label={row.expanded ? `Collapse ${node.title}` : `Expand ${node.title}`}
						onClick={(event) => {
							event.stopPropagation();
							actions.toggle(node.id);
						}}
						onDoubleClick={(event) => event.stopPropagation()}
					>
						<IconChevronRight size={14} aria-hidden data-open={row.expanded} />
					</button>
				) : (
					<span className="tree-twist" />
				)}
				<kind.icon size={16} aria-label={kind.label} className="tree-kind" />
				{renaming ? (
					<Rename row={row} onDone={() => actions.rename(null)} />
				) : (
					<span className="tree-title truncate" title={node.title}>
						{node.title}
					</span>
				)}
				<span className="tree-actions">
					<Tooltip label="Add below (Shift N)">
						<ActionIcon
							variant="subtle"
							color="gray"
							size="sm"
							tabIndex={-1}
							aria-label={`Add below ${node.title}`}
							onClick={(event) => {
								event.stopPropagation();
								actions.addChild(node.id);
							}}
						>
							<IconPlus size={15} />
						</ActionIcon>
					</Tooltip>
					<Tooltip label="Ask Agent (A)">
						<ActionIcon
							variant="subtle"
							color="gray"
							size="sm"
							tabIndex={-1}
							aria-label={`Ask Agent about ${node.title}`}
							onClick={(event) => {
								event.stopPropagation();
								actions.ask(node.id);
							}}
						>
							<IconMessageQuestion size={15} />
						</ActionIcon>
					</Tooltip>
				</span>
				{request !== undefined && (
					<span className={`tone-icon tone-${requestStatusLooks[request].tone}`} title={`Agent: ${requestStatusLooks[request].label}`}>
						<StatusIcon look={requestStatusLooks[request]} size={15} />
						<span className="visually-hidden">Agent: {requestStatusLooks[request].label}</span>
					</span>
				)}
				{node.due_at !== null && <span className="tree-due tiny dim num">{formatDay(node.due_at)}</span>}
				<span className="tree-status">
					<NodeStatusMenu node={node} tabIndex={-1} onError={setError} />
				</span>
			</div>
			{error !== null && (
				<p className="tree-problem" role="alert">
					Status not changed: {describeError(error).detail}
				</p>
			)}
		</div>
	);
};

const Rename = ({ row: { node }, onDone }: { row: Row; onDone: () => void }) => {
	const client = useQueryClient();
	const [base] = useState(node.title);
	const [title, setTitle] = useState(base);
	const save = useMutation({ mutationFn: () => saveField(client, node, "title", base, title.trim()), onSuccess: onDone });
	const problem = save.error === null ? null : (fieldErrors(save.error).title ?? describeError(save.error).detail);
	const commit = () => {
		if (save.isPending) return;
		if (title.trim() === base || title.trim() === "") return onDone();
		save.mutate();
	};
	return (
		<>
			<NodeTitleInput
				label="Title"
				value={title}
				invalid={problem !== null}
				onChange={setTitle}
				onEnter={commit}
				onEscape={onDone}
				// A rename that failed stays open, with its text.
				onLeave={() => {
					if (problem === null) commit();
				}}
			/>
			{problem !== null && (
				<span className="tree-problem" role="alert">
					{problem}
				</span>
			)}
		</>
	);
};

export const TreeRow = memo(TreeRowView);
