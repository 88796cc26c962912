import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements, monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { pointerOutsideOfPreview } from "@atlaskit/pragmatic-drag-and-drop/element/pointer-outside-of-preview";
import { setCustomNativeDragPreview } from "@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview";
import type { Pointer } from "./find-drop.ts";

const rowKind = "plan-node";
/** As `--indent` in plan-tree.css. */
const indentPx = 22;

/** Lets the row be dragged, and be dropped on. Returns how to undo that. */
export const attachRow = (element: HTMLElement, nodeId: string): (() => void) =>
	combine(
		draggable({
			element,
			// Not while its title is being typed: there, dragging selects text.
			canDrag: () => element.querySelector("input") === null,
			getInitialData: () => ({ kind: rowKind, nodeId }),
			onGenerateDragPreview: ({ nativeSetDragImage }) =>
				setCustomNativeDragPreview({
					nativeSetDragImage,
					getOffset: pointerOutsideOfPreview({ x: "14px", y: "6px" }),
					render: ({ container }) => {
						const preview = document.createElement("div");
						preview.className = "tree-drag-preview";
						preview.textContent = element.getAttribute("aria-label");
						container.append(preview);
					},
				}),
		}),
		dropTargetForElements({
			element,
			canDrop: ({ source }) => source.data.kind === rowKind,
			getData: ({ input }) => ({ ...pointerOver(element, nodeId, input) }),
		}),
	);

const pointerOver = (element: HTMLElement, nodeId: string, { clientX, clientY }: { clientX: number; clientY: number }): Pointer => {
	const { top, height } = element.getBoundingClientRect();
	const start = element.querySelector(".tree-twist")?.getBoundingClientRect().left ?? clientX;
	return { nodeId, depth: (clientY - top) / height, outdent: Math.max(0, Math.ceil((start - clientX) / indentPx)) };
};

type Watcher = {
	/** `pointer` is null while it is over no row. */
	onDrag: (nodeId: string, pointer: Pointer | null) => void;
	onDrop: (nodeId: string, pointer: Pointer | null) => void;
};

/** Follows every drag of a row. Returns how to stop that. */
export const watchDrags = ({ onDrag, onDrop }: Watcher): (() => void) =>
	monitorForElements({
		canMonitor: ({ source }) => source.data.kind === rowKind,
		onDragStart: ({ source }) => onDrag(source.data.nodeId as string, null),
		onDrag: ({ source, location }) =>
			onDrag(source.data.nodeId as string, (location.current.dropTargets[0]?.data as Pointer | undefined) ?? null),
		onDrop: ({ source, location }) =>
			onDrop(source.data.nodeId as string, (location.current.dropTargets[0]?.data as Pointer | undefined) ?? null),
	});
