/**
 * Fractional keys: siblings sort by them byte by byte. The first letter says how many digits (base 62) the whole part has, `a`
 * one to `z` 26, so that a longer number sorts after a shorter one; what follows the whole part is a fraction.
 */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const lastDigit = digits.at(-1);
const wholeLength = (head: string) => head.charCodeAt(0) - "a".charCodeAt(0) + 1;

/** The key of whatever comes after `last`; null: of the first one. */
export const positionAfter = (last: string | null): string => {
	if (last === null) return "a0";
	const head = last[0] ?? "";
	const whole = [...last.slice(1, 1 + wholeLength(head))];
	if (!/^[a-z]$/.test(head) || whole.length !== wholeLength(head) || whole.some((digit) => !digits.includes(digit)))
		throw new Error(`Not a position: ${last}`);
	const index = whole.findLastIndex((digit) => digit !== lastDigit);
	if (index === -1) return String.fromCharCode(head.charCodeAt(0) + 1) + "0".repeat(whole.length + 1);
	const raised = digits[digits.indexOf(whole[index] ?? "0") + 1];
	return [head, ...whole.slice(0, index), raised, ..."0".repeat(whole.length - index - 1)].join("");
};
