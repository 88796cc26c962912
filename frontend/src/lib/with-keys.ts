/** Each with a key made of its words: those that are alike are told apart by which of them it is. */
export const withKeys = <Item>(items: readonly Item[], wordsOf: (item: Item) => string): { key: string; item: Item }[] => {
	const seen = new Map<string, number>();
	return items.map((item) => {
		const words = wordsOf(item);
		const nth = seen.get(words) ?? 0;
		seen.set(words, nth + 1);
		return { key: `${words} ${nth}`, item };
	});
};
