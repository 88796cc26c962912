import { afterAll, beforeAll, expect, test } from "vitest";
import { listen } from "../src/listener.ts";
import { type Channel, channels } from "../src/notifier.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("the first word goes out at once, what comes right after it together, once per channel", async () => {
	const heard: Channel[] = [];
	const listener = listen({ url: database.url, name: "test", channels, wake: (channel) => heard.push(channel), onError: () => {} });
	const until = async (count: number) => {
		for (let tries = 0; heard.length < count && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
	};
	// Each channel is woken once on connecting.
	await until(channels.length);
	heard.length = 0;

	const { notifier, pool } = database.db;
	const sent: unknown[] = [];
	const query = pool.query.bind(pool) as (...call: unknown[]) => unknown;
	Object.assign(pool, {
		query: (call: { values: unknown[] }) => {
			sent.push(call.values[0]);
			return query(call);
		},
	});
	notifier.notify("outbox");
	expect(sent).toEqual([["agentplanner_outbox"]]);
	for (let count = 0; count < 50; count += 1) for (const channel of ["outbox", "events"] as const) notifier.notify(channel);
	await until(3);
	await notifier.flush();
	Object.assign(pool, { query });
	expect(sent).toEqual([["agentplanner_outbox"], ["agentplanner_outbox", "agentplanner_events"]]);
	expect(heard.toSorted()).toEqual(["events", "outbox", "outbox"]);
	await listener.close();
});
