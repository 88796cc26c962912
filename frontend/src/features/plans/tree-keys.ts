import type { KeyboardEvent } from "react";
import type { TreeRow } from "../../lib/tree.ts";
import type { Step } from "./moves.ts";

export type TreeCommands = {
	focus(nodeId: string): void;
	toggle(nodeId: string): void;
	open(nodeId: string): void;
	/** Clears what is chosen, or else closes the panel. */
	leave(): void;
	/** Undefined for those who may not. */
	ask: ((nodeId: string) => void) | undefined;
	write:
		| {
				rename(nodeId: string): void;
				openMenu(nodeId: string): void;
				addBeside(row: TreeRow): void;
				addBelow(nodeId: string): void;
				/** `again`: the key is held down. */
				step(row: TreeRow, direction: Step, again: boolean): void;
				choose(nodeId: string): void;
				chooseUpTo(nodeId: string, from: string): void;
				chooseAll(): void;
				remove(nodeId: string): void;
		  }
		| undefined;
};

const stepKeys: Record<string, Step> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

/** What a key means at a row; undefined: nothing here. */
export const commandFor = (event: KeyboardEvent, row: TreeRow, rows: TreeRow[], commands: TreeCommands): (() => void) | undefined => {
	const { focus, toggle, open, leave, ask, write } = commands;
	const { id } = row.node;
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	if (event.altKey) {
		const direction = stepKeys[key];
		return direction && write && (() => write.step(row, direction, event.repeat));
	}
	if (event.ctrlKey || event.metaKey) {
		if (event.shiftKey || !write) return undefined;
		return key === "a" ? () => write.chooseAll() : undefined;
	}
	const at = rows.findIndex(({ node }) => node.id === id);
	const go = (to: TreeRow | undefined) => to && focus(to.node.id);
	const extend = (to: TreeRow | undefined) => {
		if (to === undefined || !write) return;
		write.chooseUpTo(to.node.id, id);
		focus(to.node.id);
	};
	const vertically = event.shiftKey && write ? extend : go;
	const keys: Record<string, () => void> = {
		ArrowDown: () => vertically(rows[at + 1]),
		ArrowUp: () => vertically(rows[at - 1]),
		ArrowRight: () => (row.hasChildren && !row.expanded ? toggle(id) : row.hasChildren && go(rows[at + 1])),
		ArrowLeft: () => (row.expanded ? toggle(id) : go(rows.find(({ node }) => node.id === row.node.parent_id))),
		Home: () => go(rows[0]),
		End: () => go(rows.at(-1)),
		Enter: () => open(id),
		" ": () => open(id),
		Escape: leave,
		...(ask && { a: () => ask(id) }),
		...(write && {
			F2: () => write.rename(id),
			m: () => write.openMenu(id),
			ContextMenu: () => write.openMenu(id),
			n: () => (event.shiftKey ? write.addBelow(id) : write.addBeside(row)),
			x: () => write.choose(id),
			Delete: () => write.remove(id),
			Backspace: () => write.remove(id),
		}),
	};
	return keys[key];
};
