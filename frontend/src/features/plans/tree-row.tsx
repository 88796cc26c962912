import { IconChevronRight, IconDots, IconLock, IconMessageQuestion, IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, type KeyboardEvent, type MouseEvent, memo, useCallback, useState } from "react";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { type Look, nodeStatusLooks, StatusBadge, StatusIcon, undecidedLook } from "../../components/status.tsx";
import { describeError, fieldErrors } from "../../lib/problems.ts";
import type { TreeRow as Row } from "../../lib/tree.ts";
import { DueMark } from "./due-mark.tsx";
import type { Drop } from "./find-drop.ts";
import { nodeKindLooks } from "./node-kinds.ts";
import { NodeStatusButton, NodeStatusMenu } from "./node-status-menu.tsx";
import { NodeTitleInput } from "./node-title-input.tsx";
import { RowButton } from "./row-button.tsx";
import { RowLabels } from "./row-labels.tsx";
import { RowMenu, type RowMenuActions } from "./row-menu.tsx";
import { saveField } from "./save-field.ts";
import { attachRow } from "./tree-drag.ts";
import { editsIn } from "./use-undo.ts";
import { WorkerBadge, type WorkerMark } from "./worker-badge.tsx";

export type RowActions = {
	press(event: MouseEvent, nodeId: string): void;
	/** Its box was pressed. */
	choose(event: MouseEvent, nodeId: string): void;
	toggle(nodeId: string): void;
	rename(nodeId: string | null): void;
	addChild(nodeId: string): void;
	ask(nodeId: string): void;
	focus(nodeId: string): void;
	openMenu(nodeId: string): void;
	keyDown(event: KeyboardEvent, row: Row): void;
};

type Props = {
	row: Row;
	/** It is open in the panel. */
	selected: boolean;
	/** Something will be done with all that are. */
	chosen: boolean;
	active: boolean;
	renaming: boolean;
	dragged: boolean;
	/** Where a dragged row would go, if that shows at this one. */
	drop: Drop | undefined;
	/** Why its last move was refused. */
	refusal: Error | undefined;
	/** Given while its menu is open. */
	menu: (RowMenuActions & { close(): void }) | undefined;
	wait: Look | undefined;
	/** It can't begin before others are finished. */
	held: boolean;
	/** Whether it stands in the critical path; undefined while that isn't shown. */
	critical: boolean | undefined;
	/** Who works on it until when, or is meant to. */
	worker: WorkerMark | undefined;
	mayWrite: boolean;
	mayAsk: boolean;
	actions: RowActions;
};

export const rowId = (nodeId: string): string => `node-${nodeId}`;

export const hasModifier = (event: MouseEvent): boolean => event.ctrlKey || event.metaKey || event.shiftKey;

const sayWait = (wait: Look) => (wait === undecidedLook ? wait.label : `Agent: ${wait.label}`);

const TreeRowView = ({
	row,
	selected,
	chosen,
	active,
	renaming,
	dragged,
	drop,
	refusal,
	menu,
	wait,
	worker,
	held,
	critical,
	mayWrite,
	mayAsk,
	actions,
}: Props) => {
	const { node, level } = row;
	const kind = nodeKindLooks[node.kind];
	const [error, setError] = useState<Error | null>(null);
	// A thousand menus that nobody opens would take seconds to make.
	const [statusMenu, setStatusMenu] = useState(false);
	const closed = node.status === "completed" || node.status === "cancelled";
	const attach = useCallback((element: HTMLDivElement) => attachRow(element, node.id), [node.id]);

	return (
		<div
			ref={mayWrite ? attach : undefined}
			role="treeitem"
			id={rowId(node.id)}
			aria-level={level}
			aria-posinset={row.index}
			aria-setsize={row.siblings}
			aria-selected={chosen}
			aria-current={selected}
			aria-expanded={row.hasChildren ? row.expanded : undefined}
			aria-label={node.title}
			tabIndex={active ? 0 : -1}
			className="tree-item"
			data-dragged={dragged}
			data-critical={critical}
			data-drop={drop?.edge}
			style={{ "--level": level, "--drop-level": drop?.level } as CSSProperties}
			onFocus={() => actions.focus(node.id)}
			onKeyDown={(event) => actions.keyDown(event, row)}
			onClick={(event) => actions.press(event, node.id)}
			onDoubleClick={(event) => mayWrite && !hasModifier(event) && actions.rename(node.id)}
		>
			<div className="tree-row" data-kind={node.kind} data-closed={closed}>
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
				{mayWrite ? (
					<button
						type="button"
						className="tree-kind"
						tabIndex={-1}
						aria-pressed={chosen}
						aria-label={`Select ${node.title}`}
						onClick={(event) => actions.choose(event, node.id)}
						onDoubleClick={(event) => event.stopPropagation()}
					>
						<kind.icon size={16} aria-hidden />
					</button>
				) : (
					<kind.icon size={16} aria-label={kind.label} className="tree-kind" />
				)}
				{renaming ? (
					<Rename row={row} onDone={() => actions.rename(null)} />
				) : (
					<span className="tree-title truncate" title={node.title}>
						{node.title}
					</span>
				)}
				<RowLabels labels={node.labels} />
				<span className="tree-actions">
					{mayWrite && (
						<RowButton
							label={`Add below ${node.title}`}
							title="Add below (Shift N)"
							icon={IconPlus}
							onClick={() => actions.addChild(node.id)}
						/>
					)}
					{mayAsk && (
						<RowButton
							label={`Ask Agent about ${node.title}`}
							title="Ask Agent (A)"
							icon={IconMessageQuestion}
							onClick={() => actions.ask(node.id)}
						/>
					)}
				</span>
				{held && !closed && (
					<span className="dim tree-held" title="Waits for others to be finished">
						<IconLock size={14} aria-hidden />
						<span className="visually-hidden">Waits for others to be finished</span>
					</span>
				)}
				{wait !== undefined && (
					<span className={`tone-icon tone-${wait.tone}`} title={sayWait(wait)}>
						<StatusIcon look={wait} size={15} />
						<span className="visually-hidden">{sayWait(wait)}</span>
					</span>
				)}
				{node.progress !== null && <ProgressBar progress={node.progress} />}
				{worker !== undefined && <WorkerBadge mark={worker} />}
				<DueMark node={node} />
				<span className="tree-status">
					{!mayWrite ? (
						<StatusBadge look={nodeStatusLooks[node.status]} />
					) : statusMenu ? (
						<NodeStatusMenu node={node} tabIndex={-1} defaultOpened onError={setError} />
					) : (
						<NodeStatusButton node={node} status={node.status} tabIndex={-1} onClick={() => setStatusMenu(true)} />
					)}
				</span>
				{!mayWrite ? null : menu === undefined ? (
					<RowButton
						label={`More for ${node.title}`}
						title="More (M)"
						icon={IconDots}
						aria-haspopup="menu"
						className="tree-more"
						onClick={() => actions.openMenu(node.id)}
					/>
				) : (
					<RowMenu title={node.title} actions={menu} onClose={menu.close} />
				)}
			</div>
			{refusal !== undefined && (
				<p className="tree-problem" role="alert">
					Not moved: {describeError(refusal).detail}
				</p>
			)}
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
	const save = useMutation({
		mutationKey: editsIn(node.plan_id),
		mutationFn: () => saveField(client, node, "title", base, title.trim()),
		onSuccess: onDone,
	});
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

/** Rows are made anew with every change of the tree; most say the same as before. */
const sameRow = (one: Row, other: Row): boolean => (Object.keys(one) as (keyof Row)[]).every((key) => one[key] === other[key]);

export const TreeRow = memo(
	TreeRowView,
	({ row, ...before }, { row: nextRow, ...after }) =>
		sameRow(row, nextRow) && (Object.keys(after) as (keyof typeof after)[]).every((key) => before[key] === after[key]),
);
