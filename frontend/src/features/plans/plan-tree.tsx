import type { PlanTree as PlanTreeData, PlanTreeNode } from "@agentplanner/contracts";
import { type ReactNode, useMemo, useState } from "react";
import type { Look } from "../../components/status.tsx";
import { describeError } from "../../lib/problems.ts";
import { draftPlace, flattenTree, type TreeRow as Row } from "../../lib/tree.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { topsOf } from "./changes.ts";
import { type Draft, DraftRow } from "./draft-row.tsx";
import { EmptyPlan } from "./empty-plan.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { isWithin, placeUnder, steps } from "./moves.ts";
import { TreeDock } from "./tree-dock.tsx";
import { TreeFoot } from "./tree-foot.tsx";
import { commandFor } from "./tree-keys.ts";
import { type RowActions, TreeRow } from "./tree-row.tsx";
import { useChanges } from "./use-changes.ts";
import { useChoice } from "./use-choice.ts";
import { useDrag } from "./use-drag.ts";
import { useFolds } from "./use-folds.ts";
import { useNewsFocus } from "./use-news-focus.ts";
import { focusRow, useRowFocus } from "./use-row-focus.ts";
import { useStable } from "./use-stable.ts";
import { useUndo } from "./use-undo.ts";
import type { WorkerMark } from "./worker-badge.tsx";
import "./plan-tree.css";
import "./tree-box.css";

type Props = {
	data: PlanTreeData;
	selectedId: string | undefined;
	/** What waits at a node. */
	waits: ReadonlyMap<string, Look>;
	/** The nodes of the critical path; undefined while it isn't shown. */
	critical: ReadonlySet<string> | undefined;
	/** What else can be done with the tree, at its foot. */
	tools?: ReactNode;
	/** Who works on a node, or is meant to. */
	workers: ReadonlyMap<string, WorkerMark>;
	onSelect: (nodeId: string | undefined) => void;
	onAsk: (nodeId: string) => void;
};

/** A finger has no keys to hold while it taps. */
const isTouched = (): boolean => window.matchMedia("(hover: none)").matches;
const notDone = { move: "Not moved", delete: "Not deleted", status: "Status not changed" } as const;

export const PlanTree = ({ data, selectedId, waits, workers, critical, tools, onSelect, onAsk }: Props) => {
	const { plan, nodes } = data;
	const held = useMemo(() => new Set(data.waiting), [data.waiting]);
	const may = useMayInPlan(plan.project_id, plan.id);
	const mayWrite = may("plans:write");
	const mayAsk = may("requests:create");
	const { foldedIds, toggle, unfold } = useFolds(plan.id, nodes, selectedId);
	const [focusedId, setFocusedId] = useState<string | null>(null);
	const [renamingId, setRenamingId] = useState<string | null>(null);
	const [draft, setDraft] = useState<Draft | null>(null);
	const [menuId, setMenuId] = useState<string | null>(null);
	const [placing, setPlacing] = useState<PlanTreeNode[]>([]);

	const { news, undoing, undo, tell, closeNews, noteDone } = useUndo(plan);
	const { tree, change, move, step, moving, refusal, announcement } = useChanges(plan, nodes, {
		onMove: (nodeId, place) => {
			unfold(place.parent_id);
			focusNext(nodeId);
		},
		onDone: ({ kind, ids }, said, changeId) => {
			if (kind === "delete") choice.drop(ids);
			noteDone(said, changeId);
		},
		onRefused: ({ kind }, error) => tell({ said: `${notDone[kind]}: ${describeError(error).detail}`, tone: "refused", undoable: false }),
	});
	const rows = useMemo(() => flattenTree(tree, new Set(foldedIds)), [tree, foldedIds]);
	const choice = useChoice(tree, rows);
	const { chosen } = choice;
	const drag = useDrag(tree, rows, move);
	const activeId = [focusedId, selectedId].find((id) => rows.some((row) => row.node.id === id)) ?? rows[0]?.node.id;

	const { focusNext, focusActive } = useRowFocus(rows, activeId);

	const addChild = (nodeId: string) => {
		unfold(nodeId);
		setDraft({ parentId: nodeId, kind: "task" });
	};
	const rename = (nodeId: string | null) => {
		if (nodeId === null && renamingId !== null) setTimeout(() => focusRow(renamingId));
		setRenamingId(nodeId);
	};

	/** With all below them; the row after that one has the focus then. */
	const remove = (ids: ReadonlySet<string>, nodeId: string) => {
		const removed = topsOf(tree, ids).map(({ id }) => id);
		const stays = (row: Row) => !removed.some((id) => isWithin(tree, id, row.node.id));
		const at = rows.findIndex(({ node }) => node.id === nodeId);
		focusNext((rows.slice(at).find(stays) ?? rows.slice(0, Math.max(at, 0)).findLast(stays))?.node.id ?? null);
		change({ kind: "delete", ids: removed });
	};
	const place = (moved: PlanTreeNode[], parentId: string | null) => {
		const [first, ...others] = moved.map(({ id }) => id);
		if (first === undefined) return;
		const ids = [first, ...others];
		const where = placeUnder(tree, ids, parentId);
		if (others.length === 0) return move(first, where);
		unfold(parentId);
		focusNext(first);
		change({ kind: "move", ids, place: where });
	};
	const { undoLast, dismissNews } = useNewsFocus({ mayWrite, activeId, focusActive, undo, closeNews });
	const commands = {
		focus: focusRow,
		toggle,
		open: onSelect,
		leave: () => (chosen.size > 0 ? choice.clear() : onSelect(undefined)),
		ask: mayAsk ? onAsk : undefined,
		write: mayWrite
			? {
					rename,
					openMenu: setMenuId,
					addBeside: ({ node }: Row) => setDraft({ parentId: node.parent_id, kind: node.kind }),
					addBelow: addChild,
					// A key held down goes as fast as moves are saved, so that letting go stops it.
					step: ({ node }: Row, direction: Parameters<typeof step>[1], again: boolean) => (!again || !moving) && step(node, direction),
					choose: choice.toggle,
					chooseUpTo: choice.extendTo,
					chooseAll: choice.all,
					remove: (id: string) => remove(chosen.size > 0 ? chosen : new Set([id]), id),
				}
			: undefined,
	};
	// Rows are many and memoised.
	const actions = useStable<RowActions>({
		press: (event, id) => {
			if (!mayWrite) return onSelect(id);
			if (event.shiftKey) choice.extendTo(id, activeId ?? id);
			else if (event.ctrlKey || event.metaKey || (chosen.size > 0 && isTouched())) choice.toggle(id);
			else onSelect(id);
			if (event.shiftKey) focusRow(id);
		},
		choose: (event, id) => {
			event.stopPropagation();
			if (event.shiftKey) choice.extendTo(id, activeId ?? id);
			else if (chosen.size === 0 && isTouched()) onSelect(id);
			else choice.toggle(id);
		},
		toggle,
		rename,
		addChild,
		ask: onAsk,
		focus: setFocusedId,
		openMenu: setMenuId,
		keyDown: (event, row) => {
			if (event.target !== event.currentTarget) return;
			const command = commandFor(event, row, rows, commands);
			if (command === undefined) return;
			event.preventDefault();
			command();
		},
	});

	const menuFor = (node: PlanTreeNode) => {
		const [up, down] = [steps.up(tree, node.id), steps.down(tree, node.id)];
		return {
			addChild: () => addChild(node.id),
			ask: () => onAsk(node.id),
			rename: () => rename(node.id),
			moveUp: up === null ? undefined : () => move(node.id, up),
			moveDown: down === null ? undefined : () => move(node.id, down),
			choose: () => choice.toggle(node.id),
			moveInto: () => setPlacing([node]),
			moveToTop: node.parent_id === null ? undefined : () => place([node], null),
			remove: () => remove(new Set([node.id]), node.id),
			close: () => {
				setMenuId(null);
				focusActive();
			},
		};
	};

	const draftAt = draft === null ? null : draftPlace(rows, draft.parentId);
	// One list with the rows, under its own key: it keeps its text while rows come and go around it.
	const draftRow = draft !== null && draftAt !== null && (
		<DraftRow
			key={`draft-${draft.parentId}`}
			projectId={plan.project_id}
			planId={plan.id}
			draft={draft}
			level={draftAt.level}
			onCreated={({ id, title, change_id: changeId }) => {
				setFocusedId(id);
				noteDone(`Added “${title}”`, changeId);
			}}
			onDone={() => {
				setDraft(null);
				focusActive();
			}}
		/>
	);
	const renderRow = (row: Row) => (
		<TreeRow
			key={row.node.id}
			row={row}
			selected={row.node.id === selectedId}
			chosen={chosen.has(row.node.id)}
			active={row.node.id === activeId}
			renaming={row.node.id === renamingId}
			dragged={row.node.id === drag?.nodeId}
			drop={row.node.id === drag?.drop?.nodeId ? drag.drop : undefined}
			refusal={row.node.id === refusal?.nodeId ? refusal.error : undefined}
			menu={row.node.id === menuId ? menuFor(row.node) : undefined}
			wait={waits.get(row.node.id)}
			held={held.has(row.node.id)}
			critical={critical?.has(row.node.id)}
			worker={workers.get(row.node.id)}
			mayWrite={mayWrite}
			mayAsk={mayAsk}
			actions={actions}
		/>
	);
	const endPlacing = () => {
		setPlacing([]);
		focusActive();
	};
	const newPhase = () => setDraft({ parentId: null, kind: "phase" });

	const dock = (
		<TreeDock
			news={news}
			undoing={undoing}
			onUndo={undoLast}
			onCloseNews={dismissNews}
			announcement={announcement}
			choice={
				chosen.size === 0 || activeId === undefined
					? undefined
					: {
							count: chosen.size,
							onStatus: (status) => change({ kind: "status", ids: [...chosen], status }),
							onMove: () => setPlacing(topsOf(tree, chosen)),
							onDelete: () => remove(chosen, activeId),
							onClear: () => {
								choice.clear();
								focusRow(activeId);
							},
						}
			}
		/>
	);

	if (rows.length === 0 && draft === null) {
		return (
			<>
				<EmptyPlan mayWrite={mayWrite} onAdd={newPhase} />
				{dock}
			</>
		);
	}

	return (
		<>
			<div
				role="tree"
				aria-label={plan.title}
				aria-multiselectable={mayWrite}
				className="tree"
				data-choosing={chosen.size > 0}
				// Else the browser marks the text between two clicks.
				onMouseDown={(event) => event.shiftKey && event.preventDefault()}
			>
				{draftAt === null
					? rows.map(renderRow)
					: [...rows.slice(0, draftAt.before).map(renderRow), draftRow, ...rows.slice(draftAt.before).map(renderRow)]}
			</div>
			<TreeFoot mayWrite={mayWrite} onAddPhase={newPhase} tools={tools} />
			{dock}
			{placing.length > 0 && (
				<MoveDialog
					tree={tree}
					moved={placing}
					onClose={endPlacing}
					onChoose={(parentId) => {
						endPlacing();
						place(placing, parentId);
					}}
				/>
			)}
		</>
	);
};
