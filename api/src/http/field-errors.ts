import type { FieldError } from "@agentplanner/contracts";

/** The parts of a Standard Schema or zod issue that name a field. */
export type Issue = {
	message: string;
	path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
	code?: string;
	keys?: readonly string[];
	errors?: readonly (readonly Issue[])[];
};

const most = 50;

const segments = ({ path = [] }: Issue): string[] => path.map((part) => String(typeof part === "object" ? part.key : part));

/** Of a union's branches the one that the caller most likely meant: that with the fewest complaints. */
const likeliest = (branches: readonly (readonly Issue[])[]): readonly Issue[] =>
	branches.reduce<readonly Issue[]>((best, branch) => (best.length === 0 || branch.length < best.length ? branch : best), []);

const flatten = (issue: Issue, parent: readonly string[]): FieldError[] => {
	const path = [...parent, ...segments(issue)];
	if (issue.code === "unrecognized_keys" && issue.keys)
		return issue.keys.map((key) => ({ field: [...path, key].join("."), message: "is not a known field" }));
	if (issue.code === "invalid_union" && issue.errors && issue.errors.length > 0)
		return likeliest(issue.errors).flatMap((inner) => flatten(inner, path));
	return [{ field: path.join("."), message: issue.message }];
};

/** Each field that is wrong, and why; unknown keys one by one. */
export const fieldErrors = (issues: readonly Issue[]): FieldError[] => issues.flatMap((issue) => flatten(issue, [])).slice(0, most);

/**
 * Whether the input has the shape that the OpenAPI document tells of, and breaks rules that no JSON Schema can say. Of bodies alone:
 * elsewhere the document tells of no such refusal.
 */
export const breaksRulesAlone = (issues: readonly Issue[]): boolean =>
	issues.every((issue) => segments(issue)[0] === "body" && isRule(issue));

const isRule = ({ code, errors = [] }: Issue): boolean =>
	code === "custom" || (code === "invalid_union" && errors.some((branch) => branch.length > 0 && branch.every(isRule)));
