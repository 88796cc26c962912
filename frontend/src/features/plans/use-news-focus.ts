import { useHotkeys } from "@mantine/hooks";
import { focusRow } from "./use-row-focus.ts";
import { useStable } from "./use-stable.ts";

type Options = {
	mayWrite: boolean;
	activeId: string | undefined;
	focusActive: () => void;
	undo: () => void;
	closeNews: () => void;
};

/** Undoing, by its button or by keys, and putting news away: the tree has the focus then, since what was pressed goes. */
export const useNewsFocus = ({ mayWrite, activeId, focusActive, undo, closeNews }: Options) => {
	const undoLast = () => {
		undo();
		const at = document.activeElement;
		if (activeId !== undefined && (at === document.body || at?.closest(".toast"))) focusRow(activeId);
	};
	// Wherever the focus is on the page, but where a text is typed or a dialog asks.
	useHotkeys([["mod+Z", ({ target }) => mayWrite && !(target instanceof Element && target.closest('[role="dialog"]')) && undoLast()]]);
	// What goes by itself takes no focus along.
	const { dismissNews } = useStable({
		dismissNews: () => {
			const hadFocus = document.activeElement !== document.body;
			closeNews();
			if (hadFocus) focusActive();
		},
	});
	return { undoLast, dismissNews };
};
