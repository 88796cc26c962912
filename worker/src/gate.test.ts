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

/** A gate, with deliveries that wait to be sent; `enter` takes the index of one. */
const openGate = async (slots = 20) => {
	const ctx = await buildProject(database.db);
	const gate = createGate({ slots, log: pino({ level: "silent" }) });
	const queue = async (count: number, maxInFlight: number) => {
		const deliveryPolicy = { ...defaultDeliveryPolicy, max_in_flight: maxInFlight };
		const integration = await buildIntegration(database.db, ctx.projectId, "http://127.0.0.1:9/hook", { deliveryPolicy });
		const to = { integration_id: integration.id, address: "" };
		const ids: string[] = [];
		for (let each = 0; each < count; each += 1) ids.push((await sendMessage(ctx, { to, text: `Number ${each}` }, adapterById)).id);
		const enter = (index: number, hasTurn = false) =>
			gate.enter(ctx, { deliveryId: ids[index] ?? "", integrationId: integration.id, hasTurn });
		return { ids, enter };
	};
	return { ctx, queue };
};

const queue = async (count: number, maxInFlight: number) => {
	const { ctx, queue } = await openGate();
	return { ctx, ...(await queue(count, maxInFlight)) };
};

/** Which of these have been given a turn. */
const turns = async (ctx: ProjectContext, ids: string[]) => {
	const { rows } = await database.db.pool.query<{ subject_id: string }>(
		"select subject_id from timers where project_id = $1 and data ? 'turn'",
		[ctx.projectId],
	);
	return rows.flatMap(({ subject_id }) => (ids.includes(subject_id) ? [ids.indexOf(subject_id)] : [])).toSorted();
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

test("who waits for a busy integration here keeps nobody from being given a turn at another one", async () => {
	const { ctx, queue } = await openGate(4);
	const [slow, busy] = [await queue(2, 1), await queue(3, 1)];
	const place = await slow.enter(0);
	expect(await slow.enter(1)).toBeNull();
	await new Promise((resolve) => setTimeout(resolve, 600));
	await (await busy.enter(0))?.leave();
	const [taken, waiting] = [await busy.enter(1), busy.enter(2)];
	await place?.leave();
	expect(await turns(ctx, slow.ids)).toEqual([1]);
	await taken?.leave();
	expect(await waiting).not.toBeNull();
});
