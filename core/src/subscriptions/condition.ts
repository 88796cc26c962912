import type { EventCondition, FieldError } from "@agentplanner/contracts";
import { UnprocessableError } from "../errors.ts";

/*
 * A condition on an event's data. Every field must hold; a field is a name, or names joined by dots that lead further in:
 *
 *   { "status": "completed" }                            equals
 *   { "status": ["completed", "failed"] }                is one of these; the same as { "in": [...] }
 *   { "reason": { "prefix": "rate" } }                   a text that begins so
 *   { "agent.id": { "exists": true } }                   is there, and not null; false: it isn't
 *
 * Where the data has a list, one of its items has to be so. No expressions and no patterns, so looking at an event takes no longer than
 * the condition is long.
 */

type Scalar = string | number | boolean | null;
type Operator = "in" | "prefix" | "exists";

const mostFields = 20;
const mostValues = 50;
const longestText = 500;
const deepestPath = 6;

const isScalar = (value: unknown): value is Scalar =>
	value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)) || typeof value === "string";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const valueProblem = (value: unknown): string | null => {
	if (!isScalar(value)) return "must be a text, a number, true, false or null";
	return typeof value === "string" && value.length > longestText ? `must be at most ${longestText} characters long` : null;
};

const listProblems = (field: string, list: unknown): FieldError[] => {
	if (!Array.isArray(list) || list.length === 0 || list.length > mostValues)
		return [{ field, message: `must be a list of 1 to ${mostValues} values` }];
	return list.flatMap((value, index) => {
		const message = valueProblem(value);
		return message === null ? [] : [{ field: `${field}.${index}`, message }];
	});
};

const operators: Record<Operator, (field: string, operand: unknown) => FieldError[]> = {
	in: listProblems,
	prefix: (field, operand) =>
		typeof operand === "string" && operand !== "" && operand.length <= longestText
			? []
			: [{ field, message: `must be a text of 1 to ${longestText} characters` }],
	exists: (field, operand) => (typeof operand === "boolean" ? [] : [{ field, message: "must be true or false" }]),
};

const isOperator = (name: string): name is Operator => Object.hasOwn(operators, name);

const matcherProblems = (field: string, matcher: unknown): FieldError[] => {
	if (Array.isArray(matcher)) return listProblems(field, matcher);
	if (!isObject(matcher)) {
		const message = valueProblem(matcher);
		return message === null ? [] : [{ field, message }];
	}
	const [[name, operand] = ["", undefined], ...more] = Object.entries(matcher);
	if (more.length > 0 || !isOperator(name))
		return [{ field, message: `must be a value, a list, or one of ${Object.keys(operators).join(", ")}` }];
	return operators[name](`${field}.${name}`, operand);
};

const fieldProblems = (field: string, name: string, matcher: unknown): FieldError[] => {
	const path = name.split(".");
	if (path.length > deepestPath || path.includes("")) return [{ field, message: `must be up to ${deepestPath} names joined by dots` }];
	return matcherProblems(field, matcher);
};

/** Throws UnprocessableError that names every part of the condition that can't be used. */
export const assertCondition = (condition: EventCondition | null | undefined): void => {
	if (!condition) return;
	const entries = Object.entries(condition);
	const count = entries.length === 0 || entries.length > mostFields;
	const fields = count
		? [{ field: "body.condition", message: `must name 1 to ${mostFields} fields; leave it out for none` }]
		: entries.flatMap(([name, matcher]) => fieldProblems(`body.condition.${name}`, name, matcher));
	if (fields.length > 0) throw new UnprocessableError("This condition can't be used. Correct the parts below.", fields);
};

const valueAt = (data: unknown, path: string): unknown =>
	path.split(".").reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), data);

const holdsFor = (value: unknown, matcher: unknown): boolean => {
	const values = Array.isArray(value) ? value : [value];
	if (Array.isArray(matcher)) return values.some((one) => matcher.includes(one));
	if (!isObject(matcher)) return values.includes(matcher);
	const { in: list, prefix, exists } = matcher;
	if (exists !== undefined) return exists === (value !== undefined && value !== null);
	if (typeof prefix === "string") return values.some((one) => typeof one === "string" && one.startsWith(prefix));
	return Array.isArray(list) && values.some((one) => list.includes(one));
};

/** Whether the data is as the condition wants it; none wants nothing. */
export const holds = (condition: EventCondition | null, data: Record<string, unknown>): boolean =>
	condition === null || Object.entries(condition).every(([path, matcher]) => holdsFor(valueAt(data, path), matcher));
