import type { ErrorCode, FieldError } from "@agentplanner/contracts";
import { ApiError } from "./api-client.ts";

export const isProblem = (error: unknown, code: ErrorCode): boolean => error instanceof ApiError && error.problem.code === code;

/** What to tell the reader: one sentence on what happened, and the id to quote. */
export const describeError = (error: unknown): { title: string; detail: string; requestId: string | null } => {
	if (error instanceof ApiError) {
		const { title, detail, request_id } = error.problem;
		return { title, detail, requestId: request_id === "" ? null : request_id };
	}
	return { title: "Something went wrong on this page", detail: error instanceof Error ? error.message : String(error), requestId: null };
};

const fieldErrorsOf = (error: unknown): FieldError[] => (error instanceof ApiError ? (error.problem.errors ?? []) : []);

/** Messages by field name, without the leading `body.`; deeper paths also count for each parent. */
export const fieldErrors = (error: unknown): Record<string, string> => {
	const messages: Record<string, string> = {};
	for (const { field, message } of fieldErrorsOf(error)) {
		const parts = field.replace(/^body\.?/, "").split(".");
		for (let length = parts.length; length > 0; length--) {
			const name = parts.slice(0, length).join(".");
			messages[name] ??= message;
		}
	}
	return messages;
};

/** Errors of fields that the form does not show, so that none is swallowed. */
export const otherFieldErrors = (error: unknown, shown: string[]): FieldError[] =>
	fieldErrorsOf(error).filter(({ field }) => {
		const name = field.replace(/^body\.?/, "");
		return !shown.some((known) => name === known || name.startsWith(`${known}.`));
	});
