/** JSON in lines that people can read and compare: texts of several lines show them as such. What isn't JSON stays as it is. */
export const readablePayload = (payload: string): string => {
	try {
		// An even number of backslashes before it stands for themselves.
		return JSON.stringify(JSON.parse(payload), null, 2).replaceAll(/(?<!\\)((?:\\\\)*)\\n/g, "$1\n");
	} catch {
		return payload;
	}
};
