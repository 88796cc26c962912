import { defaultDeliveryPolicy, type Integration } from "@agentplanner/contracts";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../lib/api-client.ts";
import { readIntegration, updateIntegration } from "../../queries/integrations.ts";
import { changesOf, IntegrationConflict, saveIntegration } from "./save-integration.ts";

vi.mock("../../queries/integrations.ts", () => ({ readIntegration: vi.fn(), updateIntegration: vi.fn() }));

const base = {
	id: "i",
	project_id: "p",
	name: "Hook",
	settings: { url: "https://a.example", timeout_ms: 5 },
	delivery_policy: defaultDeliveryPolicy,
	version: 3,
} as unknown as Integration;
const values = {
	name: "Hook",
	settings: { url: "https://b.example", timeout_ms: 5 },
	secrets: {},
	delivery_policy: defaultDeliveryPolicy,
};
const conflict = new ApiError({
	type: "about:blank",
	title: "Changed meanwhile",
	status: 412,
	code: "precondition_failed",
	detail: "…",
	request_id: "",
});

describe("changes of an integration", () => {
	it("are only what differs, whatever the order of the settings", () => {
		expect(changesOf(base, { ...values, settings: { timeout_ms: 5, url: "https://a.example" } })).toEqual({});
		const policy = { ...defaultDeliveryPolicy, max_in_flight: 2 };
		expect(changesOf(base, { ...base, secrets: {}, delivery_policy: policy })).toEqual({ delivery_policy: policy });
		expect(changesOf(base, { ...values, name: "New" })).toEqual({ name: "New", settings: values.settings });
		expect(changesOf(base, { ...base, secrets: { signing_secret: "x" } })).toEqual({ secrets: { signing_secret: "x" } });
	});
});

describe("saving an integration", () => {
	beforeEach(() => {
		vi.resetAllMocks();
	});

	it("sends nothing when nothing changed", async () => {
		expect(await saveIntegration(base, { ...base, secrets: {} })).toBe(base);
		expect(updateIntegration).not.toHaveBeenCalled();
	});

	it("goes on top of a newer version that differs in nothing of the form", async () => {
		const fresh = { ...base, version: 4 };
		vi.mocked(readIntegration).mockResolvedValue(fresh);
		vi.mocked(updateIntegration)
			.mockRejectedValueOnce(conflict)
			.mockResolvedValueOnce({ ...fresh, version: 5 });
		expect((await saveIntegration(base, values)).version).toBe(5);
		expect(updateIntegration).toHaveBeenLastCalledWith(fresh, { settings: values.settings });
	});

	it("is a conflict when somebody else changed the settings", async () => {
		const theirs = { ...base, version: 4, settings: { url: "https://theirs.example" } };
		vi.mocked(readIntegration).mockResolvedValue(theirs);
		vi.mocked(updateIntegration).mockRejectedValue(conflict);
		await expect(saveIntegration(base, values)).rejects.toThrow(IntegrationConflict);
		expect(updateIntegration).toHaveBeenCalledTimes(1);
	});

	it("passes on a clash about something else, such as a name that is taken", async () => {
		vi.mocked(readIntegration).mockResolvedValue(base);
		vi.mocked(updateIntegration).mockRejectedValue(conflict);
		await expect(saveIntegration(base, values)).rejects.toBe(conflict);
	});
});
