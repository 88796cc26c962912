const here = "http://here.invalid";
const longestPath = 500;

/**
 * The path of this site that an address leads to, spelt as a browser reads it; null where it leads elsewhere, or is no path. Judged
 * after dot segments, backslashes and control characters are resolved: `/a/..//evil.example` is another site's.
 */
export const localPathOf = (address: string): string | null => {
	if (!address.startsWith("/") || !URL.canParse(address, here)) return null;
	const { origin, pathname, search, hash } = new URL(address, here);
	const path = `${pathname}${search}${hash}`;
	return origin === here && !path.startsWith("//") && path.length <= longestPath ? path : null;
};
