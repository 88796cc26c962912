import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A wire to the server that can be cut: it then drops what it carries and answers nothing more. */
const openWire = async (target: URL) => {
	const sockets = new Set<Socket>();
	let cut = false;
	const server = createServer((near) => {
		if (cut) return near.destroy();
		const far = connect(Number(target.port), target.hostname);
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket
				.on("error", () => {})
				.on("close", () => {
					near.destroy();
					far.destroy();
				});
		}
		near.on("data", (data) => (cut ? near.destroy() : far.write(data)));
		far.on("data", (data) => near.write(data));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		port: (server.address() as AddressInfo).port,
		cutOnNextWord: () => {
			cut = true;
		},
		mend: () => {
			cut = false;
		},
		close: () => {
			for (const socket of sockets) socket.destroy();
			server.close();
		},
	};
};

test("transactions that can't begin cost no connection of the pool", async () => {
	const url = new URL(database.url);
	const wire = await openWire(new URL(url));
	url.port = String(wire.port);
	const db = openDatabase({ url: url.href, name: "test-outage", poolSize: 1, onError: () => {} });
	for (let outage = 0; outage < 3; outage += 1) {
		await db.orm.execute(sql`select 1`);
		// The connection is open and idle; BEGIN is the word on which it breaks.
		wire.cutOnNextWord();
		await expect(db.orm.transaction(async (tx) => tx.execute(sql`select 1`))).rejects.toThrow();
		wire.mend();
	}
	expect(await db.orm.transaction(async (tx) => (await tx.execute<{ one: number }>(sql`select 1 as one`)).rows)).toEqual([{ one: 1 }]);
	await db.close();
	wire.close();
});
