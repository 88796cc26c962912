import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import { ConflictError, InvalidInputError, PreconditionFailedError } from "./errors.ts";

const readTag = (header: string | undefined, tag: RegExp, what: string): string | null => {
	if (header === undefined || header.trim() === "*") return null;
	const match = tag.exec(header.trim());
	if (!match) throw new InvalidInputError(`If-Match must be the ${what}.`, [{ field: "headers.if-match", message: `must be the ${what}` }]);
	return match[1] ?? null;
};

/** The version in an `If-Match` header (`3`, `"3"` or `W/"3"`); null without one or with `*`. */
export const parseIfMatch = (header: string | undefined): number | null => {
	const tag = readTag(header, /^(?:W\/)?"?(\d{1,9})"?$/, "row's version, a number");
	return tag === null ? null : Number(tag);
};

/** The same where the version is a digest. */
export const parseIfMatchDigest = (header: string | undefined): string | null =>
	readTag(header, /^(?:W\/)?"?([\w-]{22})"?$/, "list's version, as it was read");

/** Version of what has no row of its own, such as a list that is replaced as a whole: equal content, equal version. */
export const digestVersion = (content: unknown): string =>
	createHash("sha256").update(canonicalJson(content)).digest("base64url").slice(0, 22);

/** Throws when somebody else has changed it since the editor read it. */
export const assertVersion = <Version extends number | string>(current: Version, expected: Version | null): void => {
	if (expected !== null && current !== expected)
		throw new PreconditionFailedError(
			`Somebody changed this meanwhile (it is at version ${current}, you edited version ${expected}). Load it again and repeat your change.`,
		);
};

/** For an edit whose row was changed between its reading and its writing. */
export const lostRace = (what: string, expected: number | null): ConflictError | PreconditionFailedError => {
	const message = `Somebody changed this ${what} at the same moment. Load it again and repeat your change.`;
	return expected === null ? new ConflictError(message) : new PreconditionFailedError(message);
};
