import { z } from "zod";

/** A row's id: uuidv7, made by the database. */
export const Id = z.uuid();

/** A moment, ISO 8601 with offset, as every API field and event carries it. */
export const Timestamp = z.iso
	.datetime({ offset: true })
	// Postgres knows no year 0, and nobody plans in the first centuries.
	.refine((moment) => moment >= "1970" && moment < "9999", "must be a date from 1970 to 9998");

/** Version of an editable row, as `If-Match` expects it. */
export const Version = z.int().min(1);

// Patterns, where they can say it, since the OpenAPI document has them and a function's body not. Each is linear: its parts never
// take the same character at the same place.
const oneLine = /^\s*[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$/;
// Tab and line breaks may be; Postgres and the engines refuse U+0000 outright.
const withoutControls = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;
const someText = /^[^\S\u000b\u000c]*[^\s\u0000-\u001f\u007f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/;
const somethingToSee = /[^\s\u0000-\u001f\u007f]/;
const everyControlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** An e-mail address as browsers check it. */
export const Email = z.email({ pattern: z.regexes.html5Email, error: "must be an e-mail address" }).max(254);

const emptyOr = (problem: string) => ({
	error: ({ input }: { input?: unknown }) => (String(input).trim() === "" ? "must not be empty" : problem),
});

/** One line of text a person typed: trimmed, not empty, no control characters. */
export const line = (max: number) =>
	z
		.string()
		.max(max, `must be at most ${max} characters long`)
		.trim()
		.regex(oneLine, emptyOr("must be one line without control characters"));

/** Longer text, markdown where people write it; may be empty. */
export const text = (max: number) =>
	z.string().max(max, `must be at most ${max} characters long`).regex(withoutControls, "must not contain control characters");

/** Longer text that must say something. */
export const requiredText = (max: number) =>
	z.string().max(max, `must be at most ${max} characters long`).regex(someText, emptyOr("must not contain control characters"));

// Whole colour and cursor sequences first, so that no "[1m" stays behind.
const terminalSequence = /\u001b\[[0-?]*[ -/]*[@-~]/g;

const clean = (value: string): string => value.replace(terminalSequence, "").replace(everyControlCharacter, "").toWellFormed();

const said = (max: number) => z.string().max(max, `must be at most ${max} characters long`);

/**
 * Longer text from an agent, which pastes what its terminal and its model gave it: an answer must not be lost for one byte, so
 * control characters are left out and halves of characters replaced. May be empty.
 */
export const agentText = (max: number) => said(max).transform(clean);

/** Text from an agent that must say something. */
export const requiredAgentText = (max: number) =>
	said(max)
		.regex(somethingToSee, "must not be empty")
		.transform(clean)
		.refine((value) => value.trim().length > 0, "must not be empty");

/** One page of a list: pass `next_cursor` as `cursor` to get the next page; null means the end. */
export const page = <Item extends z.ZodType>(item: Item) => z.strictObject({ items: z.array(item), next_cursor: Id.nullable() });

/** Query of a paged list. */
export const PageQuery = z.strictObject({
	limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many at most"),
	cursor: Id.optional().describe("`next_cursor` of the page before"),
});
