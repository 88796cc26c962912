import type { FieldError } from "@agentplanner/contracts";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ApiError } from "../lib/api-client.ts";
import { FormProblem } from "./form-problem.tsx";

const render = (errors: FieldError[] | undefined) => {
	const problem = { type: "about:blank", title: "Refused", status: 422, code: "invalid_input", detail: "Why.", request_id: "r" } as const;
	return renderToStaticMarkup(
		<FormProblem error={new ApiError(errors === undefined ? problem : { ...problem, errors })} shown={["name"]} />,
	);
};

describe("form problem", () => {
	it("says nothing when all of it stands at a field", () => {
		expect(render([{ field: "body.name", message: "is taken" }])).toBe("");
	});

	it("shows what has no field in the form, also beside what has", () => {
		expect(render(undefined)).toContain("Why.");
		const both = render([
			{ field: "body.name", message: "is taken" },
			{ field: "headers.idempotency-key", message: "was used" },
		]);
		expect(both).toContain("headers.idempotency-key: was used");
		expect(both).not.toContain("is taken");
	});
});
