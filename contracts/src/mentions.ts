export type MentionRange = { start: number; end: number; name: string };

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

/**
 * Where a text names one of these by `@` and the name, whatever its capitals: not inside of a word, as an e-mail address is, and the
 * longest name that fits.
 */
export const mentionRanges = (text: string, names: readonly string[]): MentionRange[] => {
	const longestFirst = [...new Set(names)].toSorted((one, other) => other.length - one.length);
	const ranges: MentionRange[] = [];
	for (let start = text.indexOf("@"); start !== -1; start = text.indexOf("@", start + 1)) {
		if (isWord(text[start - 1])) continue;
		const name = longestFirst.find((candidate) => {
			const end = start + 1 + candidate.length;
			return text.slice(start + 1, end).toLowerCase() === candidate.toLowerCase() && !isWord(text[end]);
		});
		if (name !== undefined) ranges.push({ start, end: start + 1 + name.length, name });
	}
	return ranges;
};
