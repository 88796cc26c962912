export type LoggedError = { type: string; message: string; code?: string; stack?: string; cause?: LoggedError };

const deepest = 5;

// Drizzle writes a failed query's parameters into its message: password hashes, tokens, what people wrote.
const withoutParameters = (text: string) => text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$(?![\s\S]))/g, "");

/** An error as the log may hold it: without the values that a failed query carried. */
export const logError = (error: unknown, depth = 0): LoggedError => {
	if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
	const { name, message, stack, cause } = error;
	const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
	return {
		type: error.constructor.name || name,
		message: withoutParameters(message),
		...(code === undefined ? {} : { code }),
		...(stack === undefined ? {} : { stack: withoutParameters(stack) }),
		...(cause === undefined || depth >= deepest ? {} : { cause: logError(cause, depth + 1) }),
	};
};
