import { adapters } from "@agentplanner/adapters";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConnections } from "../../src/connections.ts";
import { silent } from "../harness.ts";
import type { Abilities, Lacks, OpenChannel } from "./channel.ts";
import { decisionScenarios } from "./decision-scenarios.ts";
import { requestScenarios } from "./request-scenarios.ts";
import { openStage, type Stage } from "./stage.ts";

type Channel = { id: string; name: string; isReal: boolean; open: OpenChannel };

/** `channels/<adapter id>.ts` opens the double as `open`, and perhaps the platform itself as `real`. */
const load = async (id: string): Promise<Channel[]> => {
	const { open, real } = await import(`./channels/${id}.ts`).catch((cause: unknown) => {
		throw new Error(`The adapter "${id}" has no channel to test with: add worker/tests/scenarios/channels/${id}.ts`, { cause });
	});
	return [{ id, name: id, isReal: false, open }, ...(real ? [{ id, name: `${id}, the real one`, isReal: true, open: real }] : [])];
};

describe.each((await Promise.all(adapters.map(({ id }) => load(id)))).flat())("$name", ({ id, isReal, open }) => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await openStage(id, open);
	});
	afterAll(() => stage?.close());

	test("nothing is left out that the adapter does", async ({ skip }) => {
		if (isReal) skip("A double has to show it all.");
		const { settings, secrets, shown, stopped, told } = stage.channel;
		const connections = createConnections(silent, adapters);
		const created = adapters.find((adapter) => adapter.id === id)?.createSecrets?.();
		const opening = { id, adapter: id, settings, secrets: { ...created, ...secrets }, allowedNetworks: [] };
		const { update, cancel, tell } = (await connections.open(opening)).connection;
		await connections.close();
		expect([shown, stopped, told].map((ability) => !("lacks" in ability))).toEqual(
			[update, cancel, tell].map((member) => member !== undefined),
		);
	});

	test.for([...requestScenarios, ...decisionScenarios])("$title", { timeout: 60_000 }, async ({ act }, { skip }) => {
		const can = <Name extends keyof Abilities>(ability: Name): Abilities[Name] => {
			const able: Abilities[keyof Abilities] | Lacks = stage.channel[ability];
			if ("lacks" in able) skip(able.lacks);
			return able as Abilities[Name];
		};
		await act({ ...stage, can });
		await stage.untilNothingIsLost();
	});
});
