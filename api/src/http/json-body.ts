import { DomainError, InvalidInputError } from "@agentplanner/core";
import express, { type Request } from "express";
import type { Middleware } from "./request-state.ts";

export const maxBodyBytes = 256 * 1024;
// Deeper JSON overflows the stack of whatever walks it later.
const maxDepth = 32;

const hasBody = (request: Request) =>
	request.headers["transfer-encoding"] !== undefined || (request.headers["content-length"] ?? "0") !== "0";

/** oRPC would read any other kind of body itself, without a limit; and a body without a type is what other sites' forms can send. */
const refuseOtherTypes: Middleware = (request, _response, next) => {
	if (hasBody(request) && !request.is("application/json"))
		throw new DomainError("unsupported_media_type", "The body must be JSON. Send it with the header Content-Type: application/json.");
	next();
};

/** What a string holds that Postgres stores in no column: U+0000, and halves of characters. */
const unstorable = (text: string): string | null => {
	if (text.includes("\u0000")) return "must not contain the character U+0000";
	return text.isWellFormed() ? null : "must be valid Unicode";
};

const check = (value: unknown, path: string, depth: number): void => {
	if (typeof value === "string") {
		const problem = unstorable(value);
		if (problem) throw new InvalidInputError(`The text in ${path} can't be stored.`, [{ field: path, message: problem }]);
		return;
	}
	if (typeof value !== "object" || value === null) return;
	if (depth >= maxDepth)
		throw new InvalidInputError(`The JSON is nested more than ${maxDepth} levels deep.`, [
			{ field: "body", message: "is nested too deeply" },
		]);
	for (const [key, part] of Object.entries(value)) {
		const problem = unstorable(key);
		if (problem) throw new InvalidInputError(`A name in ${path} can't be stored.`, [{ field: path, message: problem }]);
		check(part, `${path}.${key}`, depth + 1);
	}
};

const refuseUnstorable: Middleware = (request, _response, next) => {
	check(request.body, "body", 0);
	next();
};

/** JSON alone, bounded in size and depth, without text that no table can hold. */
export const jsonBody: Middleware[] = [refuseOtherTypes, express.json({ limit: maxBodyBytes }), refuseUnstorable];
