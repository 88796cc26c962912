import { ConflictError, InvalidInputError } from "./errors.ts";

/** The version in an `If-Match` header (`3`, `"3"` or `W/"3"`); null without one or with `*`. */
export const parseIfMatch = (header: string | undefined): number | null => {
	if (header === undefined || header === "*") return null;
	const match = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim());
	if (!match)
		throw new InvalidInputError("If-Match must be the row's version.", [
			{ field: "headers.if-match", message: "must be a version number" },
		]);
	return Number(match[1]);
};

/** Throws when somebody else has changed the row since the editor read it. */
export const assertVersion = (current: number, expected: number | null): void => {
	if (expected !== null && current !== expected)
		throw new ConflictError(
			`Somebody changed this meanwhile (it is at version ${current}, you edited version ${expected}). Load it again and repeat your change.`,
		);
};
