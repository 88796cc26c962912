/**
 * Fractional keys: siblings sort by them byte by byte, and between any two there is room for another. A key is a whole number and
 * a fraction, both of base 62. The first letter says how many digits the whole number has, so that numbers of different length
 * sort right: `a` one to `z` 26, and below them `Z` one down to `A` 26. No fraction ends with the lowest digit.
 */
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const lowest = digits[0] as string;
const highest = digits.at(-1) as string;

/** A key between the two siblings, null standing for the start and the end. Throws for what is no key or not in order. */
export const positionBetween = (before: string | null, after: string | null): string => {
	if (after === null) return before === null ? `a${lowest}` : raise(parse(before).whole);
	const end = parse(after);
	if (before === null) return end.fraction === "" ? lower(end.whole) : end.whole;
	if (before >= after) throw new Error(`Not in order: ${before}, ${after}`);
	const start = parse(before);
	if (start.whole === end.whole) return start.whole + fractionBetween(start.fraction, end.fraction);
	const next = raise(start.whole);
	return next < after ? next : start.whole + fractionBetween(start.fraction, null);
};

/** So many keys in order between the two, as short as may be. */
export const positionsBetween = (before: string | null, after: string | null, count: number): string[] => {
	if (count === 0) return [];
	if (after === null) {
		const keys = [positionBetween(before, null)];
		while (keys.length < count) keys.push(positionBetween(keys.at(-1) ?? null, null));
		return keys;
	}
	const middle = positionBetween(before, after);
	const left = Math.floor((count - 1) / 2);
	return [...positionsBetween(before, middle, left), middle, ...positionsBetween(middle, after, count - 1 - left)];
};

/** The shortest keys for that many siblings. */
export const freshPositions = (count: number): string[] => positionsBetween(null, null, count);

const parse = (key: string) => {
	const head = key[0] ?? "";
	const length = head >= "a" ? head.charCodeAt(0) - "a".charCodeAt(0) + 2 : "Z".charCodeAt(0) - head.charCodeAt(0) + 2;
	if (!/^[A-Za-z][0-9A-Za-z]*$/.test(key) || key.length < length || (key.length > length && key.endsWith(lowest)))
		throw new Error(`Not a position: ${key}`);
	return { whole: key.slice(0, length), fraction: key.slice(length) };
};

const digitValue = (digit: string | undefined) => digits.indexOf(digit ?? lowest);
const digitOf = (value: number) => digits[value] as string;
const nextLetter = (letter: string, step: 1 | -1) => String.fromCharCode(letter.charCodeAt(0) + step);

/** The next whole number; past the last one of its length comes the first of the next length. */
const raise = (whole: string): string => {
	const head = whole.charAt(0);
	const number = whole.slice(1);
	const index = [...number].findLastIndex((digit) => digit !== highest);
	if (index !== -1)
		return head + number.slice(0, index) + digitOf(digitValue(number[index]) + 1) + lowest.repeat(number.length - index - 1);
	if (head === "Z") return `a${lowest}`;
	return nextLetter(head, 1) + lowest.repeat(head > "Z" ? number.length + 1 : number.length - 1);
};

const lower = (whole: string): string => {
	const head = whole.charAt(0);
	const number = whole.slice(1);
	const index = [...number].findLastIndex((digit) => digit !== lowest);
	if (index !== -1)
		return head + number.slice(0, index) + digitOf(digitValue(number[index]) - 1) + highest.repeat(number.length - index - 1);
	if (head === "a") return `Z${highest}`;
	return nextLetter(head, -1) + highest.repeat(head > "Z" ? number.length - 1 : number.length + 1);
};

/** Digits after the point between the two; null stands for 1. */
const fractionBetween = (start: string, end: string | null): string => {
	const low = digitValue(start[0]);
	const high = end === null ? digits.length : digitValue(end[0]);
	if (low === high) return digitOf(low) + fractionBetween(start.slice(1), end?.slice(1) ?? null);
	if (high - low > 1) return digitOf(Math.floor((low + high) / 2));
	// Neighbouring digits: the end's own first digit lies between when more follows it, else go deeper behind the start.
	return end !== null && end.length > 1 ? digitOf(high) : digitOf(low) + fractionBetween(start.slice(1), null);
};
