import type { PlanTreeNode } from "@agentplanner/contracts";
import { Modal, TextInput, UnstyledButton } from "@mantine/core";
import { IconListTree, IconSearch } from "@tabler/icons-react";
import { type CSSProperties, type ReactNode, useState } from "react";
import "../../components/pick-list.css";
import { flattenTree, type TreeNode } from "../../lib/tree.ts";
import { nameNodes } from "./describe-change.ts";
import { without } from "./moves.ts";
import { nodeKindLooks } from "./node-kinds.ts";

type Props = { tree: TreeNode[]; moved: PlanTreeNode[]; onClose: () => void; onChoose: (parentId: string | null) => void };

/** Choose the parent by name: every node but those moved and what is below them. */
export const MoveDialog = ({ tree, moved, onClose, onChoose }: Props) => {
	const [search, setSearch] = useState("");
	const wanted = search.trim().toLowerCase();
	const movedIds = moved.map(({ id }) => id);
	const parents = flattenTree(without(tree, movedIds), new Set()).filter(({ node: { title } }) => title.toLowerCase().includes(wanted));
	const isHere = (parentId: string | null) => moved.every((node) => node.parent_id === parentId);
	const showTop = "top level".includes(wanted);
	return (
		<Modal
			opened
			onClose={onClose}
			returnFocus={false}
			title={<span className="wrap">Move {nameNodes(moved)} into…</span>}
			closeButtonProps={{ "aria-label": "Close" }}
		>
			<TextInput
				data-autofocus
				aria-label="Search for the new parent"
				placeholder="Search"
				leftSection={<IconSearch size={15} aria-hidden />}
				value={search}
				onChange={(event) => setSearch(event.currentTarget.value)}
			/>
			<ul className="pick-list move-targets">
				{showTop && (
					<li>
						<Target here={isHere(null)} onClick={() => onChoose(null)}>
							<IconListTree size={16} aria-hidden />
							Top level
						</Target>
					</li>
				)}
				{parents.map(({ node: parent, level }) => {
					const Icon = nodeKindLooks[parent.kind].icon;
					return (
						<li key={parent.id} style={{ "--level": wanted === "" ? level : 1 } as CSSProperties}>
							<Target here={isHere(parent.id)} onClick={() => onChoose(parent.id)}>
								<Icon size={16} aria-hidden />
								<span className="truncate">{parent.title}</span>
							</Target>
						</li>
					);
				})}
			</ul>
			{!showTop && parents.length === 0 && <p className="dim small">No other node is called that.</p>}
		</Modal>
	);
};

const Target = ({ here, onClick, children }: { here: boolean; onClick: () => void; children: ReactNode }) => (
	<UnstyledButton className="pick" disabled={here} onClick={onClick}>
		{children}
		{here && <span className="tiny dim">Is here now</span>}
	</UnstyledButton>
);
