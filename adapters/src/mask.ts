const mark = "•••";

/** Header names whose values are shown to nobody, whoever set them. */
const sensitiveHeader = /auth|token|secret|password|cookie|api-?key|credential/i;

/** Replaces every secret wherever it turns up, also as JSON writes it: peers like to echo what they were sent. */
export const maskText = (text: string, secrets: readonly string[]): string =>
	[...new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))]
		.filter((secret) => secret !== "")
		.sort((a, b) => b.length - a.length)
		.reduce((masked, secret) => masked.replaceAll(secret, mark), text);

export const maskHeaders = (headers: Record<string, string>, secrets: readonly string[]): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, sensitiveHeader.test(name) ? mark : maskText(value, secrets)]));

/** Values of headers that a user set and that look like secrets, to be masked wherever they are echoed. */
export const sensitiveValues = (headers: Record<string, string>): string[] =>
	Object.entries(headers).flatMap(([name, value]) => (sensitiveHeader.test(name) && value.length >= 4 ? [value] : []));
