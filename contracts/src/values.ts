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

// Control characters other than tab and line breaks; Postgres and the engines refuse U+0000 outright.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const everyControlCharacter = new RegExp(controlCharacters, "g");

/** One line of text a person typed: trimmed, not empty, no control characters. */
export const line = (max: number) =>
	z
		.string()
		.trim()
		.min(1, "must not be empty")
		.max(max, `must be at most ${max} characters long`)
		.refine((text) => !controlCharacters.test(text) && !/[\r\n]/.test(text), "must be one line without control characters");

/** Longer text, markdown where people write it; may be empty. */
export const text = (max: number) =>
	z
		.string()
		.max(max, `must be at most ${max} characters long`)
		.refine((value) => !controlCharacters.test(value), "must not contain control characters");

/** Longer text that must say something. */
export const requiredText = (max: number) => text(max).refine((value) => value.trim().length > 0, "must not be empty");

// Whole colour and cursor sequences first, so that no "[1m" stays behind.
const terminalSequence = /\u001b\[[0-?]*[ -/]*[@-~]/g;

/**
 * Longer text from an agent, which pastes what its terminal and its model gave it: an answer must not be lost for one byte, so
 * control characters are left out and halves of characters replaced. May be empty.
 */
export const agentText = (max: number) =>
	z
		.string()
		.max(max, `must be at most ${max} characters long`)
		.transform((value) => value.replace(terminalSequence, "").replace(everyControlCharacter, "").toWellFormed());

/** Text from an agent that must say something. */
export const requiredAgentText = (max: number) => agentText(max).refine((value) => value.trim().length > 0, "must not be empty");

/** One page of a list: pass `next_cursor` as `cursor` to get the next page; null means the end. */
export const page = <Item extends z.ZodType>(item: Item) => z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });

/** Query of a paged list. */
export const PageQuery = z.strictObject({
	limit: z.coerce.number().int().min(1).max(200).default(50),
	cursor: z.string().max(200).optional(),
});
