import { Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconListTree, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useMemo, useState } from "react";
import { buildTree, flattenTree, lineOf } from "../lib/tree.ts";
import { plansQuery, planTreeQuery } from "../queries/plans.ts";
import "./pick-list.css";
import { LoadError, LoadingRows } from "./states.tsx";
import { nodeStatusLooks, StatusIcon } from "./status.tsx";

/** More are found by searching. */
const mostShown = 100;

type Props = {
	projectId: string;
	planId: string;
	onPlan: (planId: string) => void;
	/** A node that can't be chosen, nor can what it is part of or what is part of it. */
	exceptLineOf?: string;
	/** Whether the plan itself can be chosen: null in place of a node. */
	wholePlan?: boolean;
	isLinked: (nodeId: string | null) => boolean;
	busy: boolean;
	onChoose: (nodeId: string | null) => void;
};

/** Choose a node by name, in any plan of the project. */
export const NodePicker = ({ projectId, planId, onPlan, exceptLineOf, wholePlan = false, isLinked, busy, onChoose }: Props) => {
	const [search, setSearch] = useState("");
	const plans = useQuery(plansQuery(projectId));
	const tree = useQuery(planTreeQuery(projectId, planId));
	const wanted = search.trim().toLowerCase();
	const except = useMemo(
		() => (exceptLineOf === undefined ? new Set() : lineOf(tree.data?.nodes ?? [], exceptLineOf)),
		[tree.data, exceptLineOf],
	);
	const rows = useMemo(() => flattenTree(buildTree(tree.data?.nodes ?? []), new Set()), [tree.data]);
	const found = rows.filter(({ node: { id, title } }) => !except.has(id) && title.toLowerCase().includes(wanted));
	// Nothing can be linked to what is archived.
	const choosable = (plans.data?.items ?? []).filter(({ id, status }) => status !== "archived" || id === planId);
	const linkedNote = <span className="tiny dim">linked already</span>;
	return (
		<>
			<Select
				label="Plan"
				data={choosable.map(({ id, title }) => ({ value: id, label: title }))}
				value={planId}
				onChange={(value) => value !== null && onPlan(value)}
				allowDeselect={false}
				searchable
			/>
			<TextInput
				data-autofocus
				aria-label="Search for a node"
				placeholder="Search"
				leftSection={<IconSearch size={15} aria-hidden />}
				value={search}
				onChange={(event) => setSearch(event.currentTarget.value)}
			/>
			{tree.isPending && <LoadingRows rows={4} />}
			{tree.isError && <LoadError error={tree.error} retry={() => void tree.refetch()} />}
			<ul className="pick-list">
				{wholePlan && tree.data !== undefined && wanted === "" && (
					<li>
						<UnstyledButton className="pick" disabled={isLinked(null) || busy} onClick={() => onChoose(null)}>
							<IconListTree size={15} aria-hidden />
							<span className="truncate">The whole plan</span>
							{isLinked(null) && linkedNote}
						</UnstyledButton>
					</li>
				)}
				{found.slice(0, mostShown).map(({ node: { id, title, status }, level }) => (
					<li key={id} style={{ "--level": wanted === "" ? level : 1 } as CSSProperties}>
						<UnstyledButton className="pick" disabled={isLinked(id) || busy} onClick={() => onChoose(id)}>
							<span className={`tone-icon tone-${nodeStatusLooks[status].tone}`} title={nodeStatusLooks[status].label}>
								<StatusIcon look={nodeStatusLooks[status]} size={15} />
							</span>
							<span className="truncate">{title}</span>
							{isLinked(id) && linkedNote}
						</UnstyledButton>
					</li>
				))}
			</ul>
			{tree.data !== undefined && found.length === 0 && (wanted !== "" || !wholePlan) && (
				<p className="dim small">No other node of this plan is called that.</p>
			)}
			{found.length > mostShown && <p className="dim tiny">{found.length - mostShown} more: search for them by name.</p>}
		</>
	);
};
