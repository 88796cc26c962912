import type { FieldError } from "@agentplanner/contracts";
import { describe, expect, it } from "vitest";
import { ApiError } from "./api-client.ts";
import { fieldErrors, otherFieldErrors } from "./problems.ts";

const buildError = (errors: FieldError[]) =>
	new ApiError({ type: "about:blank", title: "Invalid", status: 400, code: "invalid_input", detail: "…", errors, request_id: "r" });

describe("problems", () => {
	it("finds a message by its field, and by the parents of a deeper one", () => {
		const error = buildError([{ field: "body.targets.0.agent_id", message: "is not known" }]);
		expect(fieldErrors(error)).toEqual({ "targets.0.agent_id": "is not known", "targets.0": "is not known", targets: "is not known" });
	});

	it("keeps the errors that no field of the form shows", () => {
		const error = buildError([
			{ field: "body.question", message: "must not be empty" },
			{ field: "headers.idempotency-key", message: "is too long" },
		]);
		expect(otherFieldErrors(error, ["question"]).map(({ field }) => field)).toEqual(["headers.idempotency-key"]);
	});

	it("has nothing to say about other errors", () => {
		expect(fieldErrors(new Error("boom"))).toEqual({});
	});
});
