import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { dropDraft, keepDraft, loadDraft, ownDrafts } from "./drafts.ts";

/** As much of a `Storage` as is used: its keys are its own enumerable properties, too. */
const buildStorage = (): Storage => {
	const hidden = (value: unknown) => ({ value, enumerable: false });
	const storage: Record<string, string> = Object.create(null);
	return Object.defineProperties(storage, {
		getItem: hidden((key: string) => storage[key] ?? null),
		setItem: hidden((key: string, text: string) => {
			storage[key] = text;
		}),
		removeItem: hidden((key: string) => delete storage[key]),
	}) as unknown as Storage;
};
const load = (key = "ask:node") => loadDraft(key, z.string());

describe("drafts", () => {
	beforeEach(() => {
		vi.stubGlobal("sessionStorage", buildStorage());
		ownDrafts("ada");
	});
	afterEach(() => {
		vi.unstubAllGlobals();
	});

	it("are there again for the same person, also after signing in anew", () => {
		keepDraft("ask:node", "secret plan");
		ownDrafts("ada");
		expect(load()).toBe("secret plan");
		dropDraft("ask:node");
		expect(load()).toBeNull();
	});

	it("are neither shown to another person nor left behind for one", () => {
		keepDraft("ask:node", "secret plan");
		ownDrafts("eve");
		expect(load()).toBeNull();
		expect(Object.keys(sessionStorage)).toEqual([]);
		ownDrafts("ada");
		expect(load()).toBeNull();
	});

	it("end with signing out, and nothing is kept for nobody", () => {
		sessionStorage.setItem("collapsed", "other");
		keepDraft("ask:node", "secret plan");
		ownDrafts(null);
		keepDraft("ask:node", "typed too late");
		expect(Object.keys(sessionStorage)).toEqual(["collapsed"]);
		expect(load()).toBeNull();
	});

	it("do without a storage", () => {
		vi.stubGlobal("sessionStorage", undefined);
		keepDraft("ask:node", "x");
		expect(load()).toBeNull();
	});
});
