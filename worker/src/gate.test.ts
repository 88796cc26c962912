import { adapterById } from "@agentplanner/adapters";
import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import type { ProjectContext } from "@agentplanner/core";
import { sendMessage } from "@agentplanner/core";
import { buildIntegration, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGate } from "./gate.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const queue = async (count: number, maxInFlight: number) => {
	const ctx = await buildProject(database.db);
	const deliveryPolicy = { ...defaultDeliveryPolicy, max_in_flight: maxInFlight };
	const integration = await buildIntegration(database.db, ctx.projectId, "http://127.0.0.1:9/hook", { deliveryPolicy });
	const to = { integration_id: integration.id, address: "" };
	const ids: string[] = [];
	for (let each = 0; each < count; each += 1) ids.push((await sendMessage(ctx, { to, text: `Number ${each}` }, adapterById)).id);
	const gate = createGate({ slots: 20, log: pino({ level: "silent" }) });
	const enter = (index: number, hasTurn = false) =>
		gate.enter(ctx, { deliveryId: ids[index] ?? "", integrationId: integration.id, hasTurn });
	return { ctx, ids, enter };
};

const turns = async (ctx: ProjectContext, ids: string[]) => {
	const { rows } = await database.db.pool.query<{ subject_id: string }>(
		"select subject_id from timers where project_id = $1 and data ? 'turn'",
		[ctx.projectId],
	);
	return rows.map(({ subject_id }) => ids.indexOf(subject_id)).toSorted();
};

test("who finds no room is turned away, and given a turn by who leaves; one that doesn't come is not waited for", async () => {
	const { ctx, ids, enter } = await queue(3, 1);
	const place = await enter(0);
	expect(await enter(1)).toBeNull();
	expect(await enter(2)).toBeNull();
	expect(await turns(ctx, ids)).toEqual([]);
	await place?.leave();
	expect(await turns(ctx, ids)).toEqual([1]);
	await expect.poll(() => turns(ctx, ids)).toEqual([1, 2]);
	expect(await enter(2, true)).not.toBeNull();
});

test("where room comes quickly newcomers wait for it here, and those who were turned away come in beside them", async () => {
	const { ctx, ids, enter } = await queue(4, 1);
	const first = await enter(0);
	// Nothing is known yet of how quickly room comes.
	expect(await enter(1)).toBeNull();
	expect(await enter(2)).toBeNull();
	await first?.leave();
	expect(await turns(ctx, ids)).toEqual([1]);
	const second = await enter(1, true);
	const newcomer = enter(3);
	await second?.leave();
	expect(await newcomer).not.toBeNull();
	await expect.poll(() => turns(ctx, ids)).toEqual([1, 2]);
});

test("turns that an outage of the database kept back are given after it, though nobody leaves any more", async () => {
	const { ctx, ids, enter } = await queue(2, 1);
	const place = await enter(0);
	expect(await enter(1)).toBeNull();
	await database.db.pool.query("alter table timers rename to timers_away");
	try {
		await place?.leave();
	} finally {
		await database.db.pool.query("alter table timers_away rename to timers");
	}
	expect(await turns(ctx, ids)).toEqual([]);
	await expect.poll(() => turns(ctx, ids), { timeout: 5_000 }).toEqual([1]);
});
