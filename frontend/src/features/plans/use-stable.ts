import { useRef, useState } from "react";

type Functions = Record<string, (...args: never[]) => unknown>;

/** One object that never changes and whose functions always act on the latest state: for the many that are memoised. */
export const useStable = <Actions extends Functions>(actions: Actions): Actions => {
	const latest = useRef(actions);
	latest.current = actions;
	const [stable] = useState(
		() => Object.fromEntries(Object.keys(actions).map((name) => [name, (...args: never[]) => latest.current[name]?.(...args)])) as Actions,
	);
	return stable;
};
