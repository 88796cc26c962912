import { Menu } from "@mantine/core";
import {
	IconArrowDown,
	IconArrowUp,
	IconBoxMultiple,
	IconDots,
	IconFolderSymlink,
	IconMessageQuestion,
	IconPencil,
	IconPlus,
	IconSquareCheck,
	IconTrash,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { RowButton } from "./row-button.tsx";

export type RowMenuActions = {
	addChild(): void;
	ask(): void;
	choose(): void;
	rename(): void;
	/** Undefined where there is no such step. */
	moveUp: (() => void) | undefined;
	moveDown: (() => void) | undefined;
	moveInto(): void;
	moveToTop: (() => void) | undefined;
	remove(): void;
};

type Item = [icon: ComponentType<{ size?: number }>, label: string, keys: string | null, act: (() => void) | undefined];

/** What can be done with a row, for those without its keys. */
export const RowMenu = ({ title, actions, onClose }: { title: string; actions: RowMenuActions; onClose: () => void }) => {
	const groups: Item[][] = [
		[
			[IconPlus, "Add task below", "Shift N", actions.addChild],
			[IconMessageQuestion, "Ask Agent", "A", actions.ask],
			[IconPencil, "Rename", "F2", actions.rename],
			[IconSquareCheck, "Select", "X", actions.choose],
		],
		[
			[IconArrowUp, "Move up", "Alt ↑", actions.moveUp],
			[IconArrowDown, "Move down", "Alt ↓", actions.moveDown],
			[IconFolderSymlink, "Move into…", null, actions.moveInto],
			[IconBoxMultiple, "Move to top level", null, actions.moveToTop],
		],
		[[IconTrash, "Delete", "Del", actions.remove]],
	];
	return (
		<Menu
			opened
			onClose={onClose}
			position="bottom-end"
			width={220}
			returnFocus={false}
			// Not "keydown": that would be the key that opened it.
			clickOutsideEvents={["mousedown", "touchstart"]}
		>
			<Menu.Target>
				<RowButton label={`More for ${title}`} icon={IconDots} className="tree-more" />
			</Menu.Target>
			<Menu.Dropdown aria-label={title} onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
				{groups.map((items, index) => (
					<div key={items[0]?.[1]}>
						{index > 0 && <Menu.Divider />}
						{items.map(([Icon, label, keys, act]) => (
							<Menu.Item
								key={label}
								className="row-menu-item"
								disabled={act === undefined}
								leftSection={<Icon size={15} />}
								rightSection={keys !== null && <span className="menu-keys tiny dim">{keys}</span>}
								onClick={act}
							>
								{label}
							</Menu.Item>
						))}
					</div>
				))}
			</Menu.Dropdown>
		</Menu>
	);
};
