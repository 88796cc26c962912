import { type RefObject, useEffect, useRef } from "react";
import { rowId } from "../features/plans/tree-row.tsx";

type Shown = { nodeId: string | undefined; requestId: string | undefined; asking: boolean };

const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;
const panelCoversTree = (): boolean => window.matchMedia("(max-width: 62em)").matches;

/** Keeps the focus in place where closing the composer or the panel takes the focused element away (WCAG 2.4.3). */
export const usePlanFocus = (panel: RefObject<HTMLElement | null>, { nodeId, requestId, asking }: Shown): void => {
	const before = useRef<Shown>({ nodeId, requestId, asking });
	const opener = useRef<Element | null>(null);

	useEffect(() => {
		const { nodeId: lastNodeId, requestId: lastRequestId, asking: wasAsking } = before.current;
		before.current = { nodeId, requestId, asking };
		// The dialog takes the focus only after this.
		if (asking && !wasAsking) opener.current = document.activeElement;
		if (asking) return;

		if (nodeId !== undefined && nodeId !== lastNodeId && panelCoversTree()) panel.current?.focus();
		if (!isLost()) return;
		const row = () => document.getElementById(rowId(nodeId ?? lastNodeId ?? ""));
		if (wasAsking && opener.current instanceof HTMLElement && opener.current !== document.body) opener.current.focus();
		if (isLost() && nodeId !== undefined && (panelCoversTree() || requestId !== lastRequestId)) panel.current?.focus();
		if (isLost() && (wasAsking || lastNodeId !== undefined)) row()?.focus();
	}, [panel, nodeId, requestId, asking]);
};
