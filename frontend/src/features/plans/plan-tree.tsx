import type { PlanTree as PlanTreeData, PlanTreeNode } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconListTree, IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { EmptyState } from "../../components/states.tsx";
import type { Look } from "../../components/status.tsx";
import { useMayInPlan } from "../../queries/rights.ts";
import { type Draft, DraftRow } from "./draft-row.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { placeUnder, type Step, steps } from "./moves.ts";
import { ancestorsOf, draftPlace, flattenTree, type TreeRow as Row } from "./tree.ts";
import { TreeLegend } from "./tree-legend.tsx";
import { type RowActions, rowId, TreeRow } from "./tree-row.tsx";
import { useDrag } from "./use-drag.ts";
import { useMoves } from "./use-moves.ts";
import type { WorkerMark } from "./worker-badge.tsx";
import "./plan-tree.css";

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

const focusRow = (nodeId: string) => document.getElementById(rowId(nodeId))?.focus();
const stepKeys: Record<string, Step> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

export const PlanTree = ({ data, selectedId, waits, workers, critical, tools, onSelect, onAsk }: Props) => {
	const { plan, nodes } = data;
	const held = useMemo(() => new Set(data.waiting), [data.waiting]);
	const may = useMayInPlan(plan.project_id, plan.id);
	const mayWrite = may("plans:write");
	const mayAsk = may("requests:create");
	const [collapsedIds, setCollapsedIds] = useLocalStorage<string[]>({ key: `collapsed:${plan.id}`, defaultValue: [] });
	const [focusedId, setFocusedId] = useState<string | null>(null);
	const [renamingId, setRenamingId] = useState<string | null>(null);
	const [draft, setDraft] = useState<Draft | null>(null);
	const [menuId, setMenuId] = useState<string | null>(null);
	const [choosingForId, setChoosingForId] = useState<string | null>(null);
	const justMovedId = useRef<string | null>(null);

	const { tree, move, step, moving, refusal, announcement } = useMoves(plan, nodes, ({ nodeId, place }) => {
		setCollapsedIds((ids) => (ids.some((id) => id === place.parent_id) ? ids.filter((id) => id !== place.parent_id) : ids));
		justMovedId.current = nodeId;
	});
	const rows = useMemo(() => flattenTree(tree, new Set(collapsedIds)), [tree, collapsedIds]);
	const drag = useDrag(tree, rows, move);
	const activeId = [focusedId, selectedId].find((id) => rows.some((row) => row.node.id === id)) ?? rows[0]?.node.id;

	const latestActive = useRef(activeId);
	latestActive.current = activeId;

	// A link to a node shows it, even under a collapsed phase.
	const shownFor = useRef<string | undefined>(undefined);
	useEffect(() => {
		if (selectedId === shownFor.current) return;
		shownFor.current = selectedId;
		if (selectedId === undefined) return;
		const above = new Set(ancestorsOf(nodes, selectedId).map((node) => node.id));
		setCollapsedIds((ids) => (ids.some((id) => above.has(id)) ? ids.filter((id) => !above.has(id)) : ids));
	}, [selectedId, nodes, setCollapsedIds]);

	const toggle = (nodeId: string) =>
		setCollapsedIds((ids) => (ids.includes(nodeId) ? ids.filter((id) => id !== nodeId) : [...ids, nodeId]));
	const addChild = (nodeId: string) => {
		setCollapsedIds((ids) => ids.filter((id) => id !== nodeId));
		setDraft({ parentId: nodeId, kind: "task" });
	};
	const rename = (nodeId: string | null) => {
		if (nodeId === null && renamingId !== null) setTimeout(() => focusRow(renamingId));
		setRenamingId(nodeId);
	};

	const keyDown = (event: KeyboardEvent, row: Row) => {
		if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey) return;
		if (event.altKey) {
			const direction = stepKeys[event.key];
			if (direction === undefined || !mayWrite) return;
			event.preventDefault();
			// A key held down goes as fast as moves are saved, so that letting go stops it.
			if (!event.repeat || !moving) step(row.node, direction);
			return;
		}
		const at = rows.findIndex(({ node }) => node.id === row.node.id);
		const go = (target: Row | undefined) => target !== undefined && focusRow(target.node.id);
		const parent = () => rows.find(({ node }) => node.id === row.node.parent_id);
		const writing: Record<string, () => void> = {
			F2: () => rename(row.node.id),
			m: () => setMenuId(row.node.id),
			ContextMenu: () => setMenuId(row.node.id),
			n: () => (event.shiftKey ? addChild(row.node.id) : setDraft({ parentId: row.node.parent_id, kind: row.node.kind })),
		};
		const keys: Record<string, () => void> = {
			ArrowDown: () => go(rows[at + 1]),
			ArrowUp: () => go(rows[at - 1]),
			ArrowRight: () => (row.hasChildren && !row.expanded ? toggle(row.node.id) : row.hasChildren && go(rows[at + 1])),
			ArrowLeft: () => (row.expanded ? toggle(row.node.id) : go(parent())),
			Home: () => go(rows[0]),
			End: () => go(rows.at(-1)),
			Enter: () => onSelect(row.node.id),
			" ": () => onSelect(row.node.id),
			Escape: () => onSelect(undefined),
			...(mayAsk ? { a: () => onAsk(row.node.id) } : {}),
			...(mayWrite ? writing : {}),
		};
		const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
		if (action === undefined) return;
		event.preventDefault();
		action();
	};

	// Rows are many and memoised: they get one object that never changes and always acts on the latest state.
	const latest = useRef<RowActions>(null);
	latest.current = {
		select: onSelect,
		toggle,
		rename,
		addChild,
		ask: onAsk,
		focus: setFocusedId,
		openMenu: setMenuId,
		keyDown,
	};
	const [actions] = useState<RowActions>(() => ({
		select: (id) => latest.current?.select(id),
		toggle: (id) => latest.current?.toggle(id),
		rename: (id) => latest.current?.rename(id),
		addChild: (id) => latest.current?.addChild(id),
		ask: (id) => latest.current?.ask(id),
		focus: (id) => latest.current?.focus(id),
		openMenu: (id) => latest.current?.openMenu(id),
		keyDown: (event, row) => latest.current?.keyDown(event, row),
	}));

	// Also what was moved by menu or mouse has the focus then, and can be seen.
	useLayoutEffect(() => {
		if (justMovedId.current === null || rows.length === 0) return;
		const row = document.getElementById(rowId(justMovedId.current));
		justMovedId.current = null;
		row?.focus({ preventScroll: true });
		row?.scrollIntoView({ block: "nearest" });
	}, [rows]);

	const menuFor = (node: PlanTreeNode) => {
		const [up, down] = [steps.up(tree, node.id), steps.down(tree, node.id)];
		return {
			addChild: () => addChild(node.id),
			ask: () => onAsk(node.id),
			rename: () => rename(node.id),
			moveUp: up === null ? undefined : () => move(node.id, up),
			moveDown: down === null ? undefined : () => move(node.id, down),
			moveInto: () => setChoosingForId(node.id),
			moveToTop: node.parent_id === null ? undefined : () => move(node.id, placeUnder(tree, node.id, null)),
			close: () => {
				setMenuId(null);
				setTimeout(() => document.activeElement === document.body && focusRow(node.id));
			},
		};
	};

	const place = draft === null ? null : draftPlace(rows, draft.parentId);
	// One list with the rows, under its own key: it keeps its text while rows come and go around it.
	const draftRow = draft !== null && place !== null && (
		<DraftRow
			key={`draft-${draft.parentId}`}
			projectId={plan.project_id}
			planId={plan.id}
			draft={draft}
			level={place.level}
			onCreated={(node) => setFocusedId(node.id)}
			onDone={() => {
				setDraft(null);
				setTimeout(() => latestActive.current !== undefined && focusRow(latestActive.current));
			}}
		/>
	);
	const renderRow = (row: Row) => (
		<TreeRow
			key={row.node.id}
			row={row}
			selected={row.node.id === selectedId}
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
	const endChoosing = () => {
		setChoosingForId(null);
		setTimeout(() => choosingFor !== undefined && focusRow(choosingFor.id));
	};
	const choosingFor = nodes.find(({ id }) => id === choosingForId);
	const newPhase = () => setDraft({ parentId: null, kind: "phase" });

	if (rows.length === 0 && draft === null) {
		return (
			<EmptyState
				icon={IconListTree}
				title="This plan is empty"
				action={
					mayWrite && (
						<Button leftSection={<IconPlus size={14} />} onClick={newPhase}>
							Add a phase
						</Button>
					)
				}
			>
				{mayWrite ? "Start with its phases, then add the tasks below them." : "Whoever may edit it can add its phases and tasks."}
			</EmptyState>
		);
	}

	return (
		<>
			<div role="tree" aria-label={plan.title} className="tree">
				{place === null
					? rows.map(renderRow)
					: [...rows.slice(0, place.before).map(renderRow), draftRow, ...rows.slice(place.before).map(renderRow)]}
			</div>
			<div className="tree-foot">
				{mayWrite && (
					<Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={newPhase}>
						Add phase
					</Button>
				)}
				{tools}
				<TreeLegend mayWrite={mayWrite} />
			</div>
			<p role="status" className="visually-hidden">
				{announcement}
			</p>
			{choosingFor !== undefined && (
				<MoveDialog
					tree={tree}
					node={choosingFor}
					onClose={endChoosing}
					onChoose={(parentId) => {
						endChoosing();
						move(choosingFor.id, placeUnder(tree, choosingFor.id, parentId));
					}}
				/>
			)}
		</>
	);
};
