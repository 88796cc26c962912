/** Splits into chunks of at most `maxCount` items and, unless one alone has more, `maxBytes` of JSON. */
export const inChunks = <T>(items: readonly T[], maxCount: number, maxBytes: number): T[][] => {
	const chunks: T[][] = [];
	let current: T[] = [];
	let bytes = 0;
	for (const item of items) {
		const size = Buffer.byteLength(JSON.stringify(item));
		if (current.length > 0 && (current.length === maxCount || bytes + size > maxBytes)) {
			chunks.push(current);
			current = [];
			bytes = 0;
		}
		current.push(item);
		bytes += size;
	}
	if (current.length > 0) chunks.push(current);
	return chunks;
};
