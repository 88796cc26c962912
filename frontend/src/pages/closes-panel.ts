import type { KeyboardEvent } from "react";

/** Whether Escape closes the panel: not from a menu or dialog that floats above it, and not while somebody types. */
export const closesPanel = ({ currentTarget, target }: KeyboardEvent): boolean =>
	target instanceof HTMLElement && currentTarget.contains(target) && !target.matches("input, textarea");
