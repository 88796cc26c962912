import { timingSafeEqual } from "node:crypto";

/** Constant time for equal lengths. */
export const sameText = (one: string, other: string): boolean => {
	const a = Buffer.from(one);
	const b = Buffer.from(other);
	return a.length === b.length && timingSafeEqual(a, b);
};
