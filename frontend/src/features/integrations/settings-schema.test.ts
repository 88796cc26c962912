import { describe, expect, it } from "vitest";
import { inOrder, readSettings, settingFields, typeSettings } from "./settings-schema.ts";

const fields = settingFields({
	type: "object",
	properties: {
		url: { type: "string", format: "uri", title: "URL" },
		timeout_ms: { type: "integer", minimum: 1_000 },
		headers: { type: "object", prominent: true, additionalProperties: { type: "string" } },
		mode: { type: "string", enum: ["plain", "signed"], default: "signed" },
		verbose: { type: "boolean" },
	},
	required: ["url", "mode"],
});

describe("settings schema", () => {
	it("becomes one field per property", () => {
		expect(fields.map(({ name, label, kind, required }) => [name, label, kind, required])).toEqual([
			["url", "URL", "url", true],
			["timeout_ms", "Timeout ms", "number", false],
			["headers", "Headers", "json", false],
			["mode", "Mode", "choice", false],
			["verbose", "Verbose", "switch", false],
		]);
	});

	it("knows what is to be seen at once", () => {
		expect(fields.filter(({ prominent }) => prominent).map(({ name }) => name)).toEqual(["headers"]);
	});

	it("reads typed text as settings and leaves out what is empty", () => {
		expect(
			readSettings(fields, { url: "https://x.example", timeout_ms: "5000", headers: '{"X-Team":"a"}', mode: "", verbose: false }),
		).toEqual({
			values: { url: "https://x.example", timeout_ms: 5_000, headers: { "X-Team": "a" }, verbose: false },
			errors: {},
		});
	});

	it("shows saved settings so that reading them again gives the same", () => {
		const settings = { url: "https://x.example", timeout_ms: 5_000, headers: { "X-Team": "a" }, mode: "plain", verbose: true };
		expect(readSettings(fields, typeSettings(fields, settings))).toEqual({ values: settings, errors: {} });
		expect(typeSettings(fields, {})).toEqual({ mode: "signed" });
	});

	it("shows what is set as the form orders it, and last what it no longer knows", () => {
		expect(inOrder(fields, { gone: 1, mode: "plain", url: "https://x.example" }).map(([name]) => name)).toEqual(["url", "mode", "gone"]);
	});

	it("names each field that can't be read", () => {
		expect(Object.keys(readSettings(fields, { timeout_ms: "soon", headers: "{" }).errors)).toEqual(["url", "timeout_ms", "headers"]);
	});
});
