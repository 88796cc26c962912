import type { PlanTree as PlanTreeData, RequestStatus } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconListTree, IconPlus } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { EmptyState } from "../../components/states.tsx";
import { type Draft, DraftRow } from "./draft-row.tsx";
import { ancestorsOf, buildTree, draftPlace, flattenTree, type TreeRow as Row } from "./tree.ts";
import { type RowActions, rowId, TreeRow } from "./tree-row.tsx";
import "./plan-tree.css";

type Props = {
	data: PlanTreeData;
	selectedId: string | undefined;
	requestStatuses: ReadonlyMap<string, RequestStatus>;
	onSelect: (nodeId: string | undefined) => void;
	onAsk: (nodeId: string) => void;
};

const focusRow = (nodeId: string) => document.getElementById(rowId(nodeId))?.focus();

export const PlanTree = ({ data, selectedId, requestStatuses, onSelect, onAsk }: Props) => {
	const { plan, nodes } = data;
	const [collapsedIds, setCollapsedIds] = useLocalStorage<string[]>({ key: `collapsed:${plan.id}`, defaultValue: [] });
	const [focusedId, setFocusedId] = useState<string | null>(null);
	const [renamingId, setRenamingId] = useState<string | null>(null);
	const [draft, setDraft] = useState<Draft | null>(null);

	const tree = useMemo(() => buildTree(nodes), [nodes]);
	const rows = useMemo(() => flattenTree(tree, new Set(collapsedIds)), [tree, collapsedIds]);
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
		if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
		const at = rows.findIndex(({ node }) => node.id === row.node.id);
		const go = (target: Row | undefined) => target !== undefined && focusRow(target.node.id);
		const parent = () => rows.find(({ node }) => node.id === row.node.parent_id);
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
			F2: () => rename(row.node.id),
			a: () => onAsk(row.node.id),
			n: () => (event.shiftKey ? addChild(row.node.id) : setDraft({ parentId: row.node.parent_id, kind: row.node.kind })),
		};
		const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
		if (action === undefined) return;
		event.preventDefault();
		action();
	};

	// Rows are many and memoised: they get one object that never changes and always acts on the latest state.
	const latest = useRef<RowActions>(null);
	latest.current = { select: onSelect, toggle, rename, addChild, ask: onAsk, focus: setFocusedId, keyDown };
	const [actions] = useState<RowActions>(() => ({
		select: (id) => latest.current?.select(id),
		toggle: (id) => latest.current?.toggle(id),
		rename: (id) => latest.current?.rename(id),
		addChild: (id) => latest.current?.addChild(id),
		ask: (id) => latest.current?.ask(id),
		focus: (id) => latest.current?.focus(id),
		keyDown: (event, row) => latest.current?.keyDown(event, row),
	}));

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
			request={requestStatuses.get(row.node.id)}
			actions={actions}
		/>
	);
	const newPhase = () => setDraft({ parentId: null, kind: "phase" });

	if (rows.length === 0 && draft === null) {
		return (
			<EmptyState
				icon={IconListTree}
				title="This plan is empty"
				action={
					<Button leftSection={<IconPlus size={14} />} onClick={newPhase}>
						Add a phase
					</Button>
				}
			>
				Start with its phases, then add the tasks below them.
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
				<Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={newPhase}>
					Add phase
				</Button>
				<span className="tree-keys tiny dim" aria-hidden>
					<span className="kbd">↑</span> <span className="kbd">↓</span> move <span className="kbd">Enter</span> open{" "}
					<span className="kbd">F2</span> rename <span className="kbd">N</span> add <span className="kbd">A</span> ask
				</span>
			</div>
		</>
	);
};
