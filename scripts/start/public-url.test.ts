import { expect, test } from "vitest";
import { publicUrl } from "./public-url.ts";

test.each([
	["127.0.0.1", undefined, "http://127.0.0.1:3000"],
	["::1", undefined, "http://[::1]:3000"],
	["planner.local", undefined, "http://planner.local:3000"],
	["0.0.0.0", "https://planner.example.org", "https://planner.example.org"],
])("on %s with PUBLIC_URL %s: %s", (host, given, url) => {
	expect(publicUrl(host, 3000, given)).toEqual({ url, notes: [] });
	expect(() => new URL(url)).not.toThrow();
});

test.each(["0.0.0.0", "::"])("on %s without PUBLIC_URL there is a note", (host) => {
	const { url, notes } = publicUrl(host, 3000, undefined);
	expect(url).toBe("http://127.0.0.1:3000");
	expect(notes).toEqual([expect.stringContaining("set PUBLIC_URL")]);
});
