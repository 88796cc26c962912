/** Undefined for what is not JSON, which has no such value. */
export const parseJson = (text: string | Uint8Array): unknown => {
	try {
		return JSON.parse(typeof text === "string" ? text : new TextDecoder().decode(text));
	} catch {
		return undefined;
	}
};
