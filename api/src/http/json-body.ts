import { maxImportBytes } from "@agentplanner/contracts";
import { DomainError, InvalidInputError, UnprocessableError } from "@agentplanner/core";
import express, { type Request } from "express";
import type { Middleware } from "./request-state.ts";

export const maxBodyBytes = 256 * 1024;
// 100,000 characters of any script, also when each is escaped.
const maxAgentBytes = 1024 * 1024;
// Deeper JSON overflows the stack of whatever walks it later.
const maxDepth = 32;

const hasBody = (request: Request) =>
	request.headers["transfer-encoding"] !== undefined || (request.headers["content-length"] ?? "0") !== "0";

/** oRPC would read any other kind of body itself, without a limit; and a body without a type is what other sites' forms can send. */
const refuseOtherTypes: Middleware = (request, _response, next) => {
	// Of no body no type matters; oRPC would try to read one.
	if (!hasBody(request)) delete request.headers["content-type"];
	else if (isImport(request) && request.is(markdown)) return next();
	else if (!request.is("application/json"))
		throw new DomainError("unsupported_media_type", "The body must be JSON. Send it with the header Content-Type: application/json.");
	next();
};

/** What a string holds that Postgres stores in no column: U+0000, and halves of characters. */
const unstorable = (text: string): string | null => {
	if (text.includes("\u0000")) return "must not contain the character U+0000";
	return text.isWellFormed() ? null : "must be valid Unicode";
};

const refuse = (text: string, path: string, what: string): void => {
	const problem = unstorable(text);
	if (problem) throw new UnprocessableError(`${what} ${path} can't be stored.`, [{ field: path, message: problem }]);
};

const check = (value: unknown, path: string, depth: number, lenient: boolean): void => {
	if (typeof value === "string" && !lenient) refuse(value, path, "The text in");
	if (typeof value !== "object" || value === null) return;
	if (depth >= maxDepth)
		throw new InvalidInputError(`The JSON is nested more than ${maxDepth} levels deep.`, [
			{ field: "body", message: "is nested too deeply" },
		]);
	for (const [key, part] of Object.entries(value)) {
		if (!lenient) refuse(key, path, "A name in");
		check(part, `${path}.${key}`, depth + 1, lenient);
	}
};

/** What agents say: long, and with whatever their terminals print. Its schema cleans its texts and drops what it doesn't know. */
const agentPath = /^\/projects\/[^/]+\/requests\/[^/]+\/(?:responses|progress)\/?$/;
const isAgentsWord = (request: Request) => request.method === "POST" && agentPath.test(request.path);

/** A plan from elsewhere: large, and perhaps Markdown as it stands, which then is what its JSON would say. */
const importPath = /^\/projects\/[^/]+\/plans\/import(?:\/preview)?\/?$/;
const isImport = (request: Request) => request.method === "POST" && importPath.test(request.path);
const markdown = "text/markdown";

const wrapMarkdown: Middleware = (request, _response, next) => {
	if (typeof request.body === "string" && request.is(markdown)) {
		request.body = { format: "markdown", content: request.body };
		request.headers["content-type"] = "application/json";
	}
	next();
};

const refuseUnreadable: Middleware = (request, _response, next) => {
	const body: unknown = request.body;
	if (hasBody(request) && (typeof body !== "object" || body === null || Array.isArray(body)))
		throw new InvalidInputError('The body must be a JSON object: {"name": "value", …}.', [{ field: "body", message: "must be an object" }]);
	check(body, "body", 0, isAgentsWord(request));
	next();
};

// Not strict: that "null" and "1" are no objects is said in words of our own.
const parse = express.json({ limit: maxBodyBytes, strict: false }) as Middleware;
const parseLong = express.json({ limit: maxAgentBytes, strict: false }) as Middleware;
const parseImport = express.json({ limit: maxImportBytes, strict: false }) as Middleware;
const parseMarkdown = express.text({ limit: maxImportBytes, type: markdown }) as Middleware;

const parserFor = (request: Request): Middleware => {
	if (isImport(request)) return request.is(markdown) ? parseMarkdown : parseImport;
	return isAgentsWord(request) ? parseLong : parse;
};

/** JSON objects alone, bounded in size and depth, without text that no table can hold. */
export const jsonBody: Middleware[] = [
	refuseOtherTypes,
	(request, response, next) => parserFor(request)(request, response, next),
	wrapMarkdown,
	refuseUnreadable,
];
