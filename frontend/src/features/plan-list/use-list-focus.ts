import { type FocusEvent, useLayoutEffect, useRef } from "react";

/**
 * Keeps the focus in a list whose rows, each with its id as `data-id`, go with what is pressed in them: the row that follows has it then,
 * or else the last one, or the heading where none is left. `cameBack`: a row that has it once it is there.
 */
export const useListFocus = (ids: readonly string[], cameBack: string | null = null) => {
	const heading = useRef<HTMLHeadingElement>(null);
	const list = useRef<HTMLUListElement>(null);
	const shown = useRef(ids);
	const focusedId = useRef<string | null>(null);

	useLayoutEffect(() => {
		const before = shown.current;
		shown.current = ids;
		// What had it may be gone; if something else has it by now, that keeps it.
		if (document.activeElement !== document.body) return;
		const focusRow = (id: string | undefined) => {
			const row = id === undefined ? null : list.current?.querySelector(`[data-id="${id}"]`);
			(row?.querySelector<HTMLElement>("a, button") ?? heading.current)?.focus();
		};
		if (cameBack !== null && ids.includes(cameBack) && !before.includes(cameBack)) return focusRow(cameBack);
		const gone = focusedId.current;
		if (gone === null || ids.includes(gone)) return;
		focusedId.current = null;
		focusRow(ids[Math.min(before.indexOf(gone), ids.length - 1)]);
	});

	return {
		/** Of the heading above the list. */
		headingProps: { ref: heading, tabIndex: -1 },
		listProps: {
			ref: list,
			onFocus: ({ target }: FocusEvent) => {
				focusedId.current = target.closest("li")?.dataset.id ?? focusedId.current;
			},
		},
	};
};
