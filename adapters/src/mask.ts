const mark = "•••";

/** Header names whose values are shown to nobody, whoever set them. */
const sensitiveHeader = /auth|token|secret|password|cookie|api-?key|credential/i;

export type Mask = (text: string) => string;

/** Replaces every secret wherever it turns up, also as JSON writes it: peers like to echo what they were sent. */
export const createMask = (secrets: readonly string[]): Mask => {
	const forms = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]));
	forms.delete("");
	const longestFirst = [...forms].sort((a, b) => b.length - a.length);
	return (text) => longestFirst.reduce((masked, secret) => masked.replaceAll(secret, mark), text);
};

export const maskHeaders = (headers: Record<string, string>, mask: Mask): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, sensitiveHeader.test(name) ? mark : mask(value)]));

/** Values of headers that a user set and that look like secrets, to be masked wherever they are echoed. */
export const sensitiveValues = (headers: Record<string, string>): string[] =>
	Object.entries(headers).flatMap(([name, value]) => (sensitiveHeader.test(name) && value.length >= 4 ? [value] : []));
