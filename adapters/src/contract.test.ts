import { describe, expect, test } from "vitest";
import type { AdapterFixture } from "../fixtures/adapter-fixture.ts";
import { describeContract } from "../tests/contract.ts";
import { adapters } from "./index.ts";

const load = async (id: string): Promise<AdapterFixture> => {
	const module = await import(`../fixtures/${id}/fixture.ts`).catch((cause: unknown) => {
		throw new Error(`The adapter "${id}" has no fixtures: add adapters/fixtures/${id}/fixture.ts`, { cause });
	});
	return module.fixture;
};

test("ids are unique and fit into a URL", () => {
	const ids = adapters.map((adapter) => adapter.id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
});

test("an adapter without fixtures fails", async () => {
	await expect(load("nobody")).rejects.toThrow('The adapter "nobody" has no fixtures');
});

describe.each(adapters.map((adapter) => [adapter.id, adapter] as const))("%s", (id, adapter) => describeContract(adapter, () => load(id)));
