/** Something the person who starts can mend: shown as its one sentence, without a stack. */
export class StartError extends Error {
	override name = "StartError";
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
