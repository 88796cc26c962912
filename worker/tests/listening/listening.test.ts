import { AdapterError } from "@agentplanner/contracts";
import {
	createRequest,
	disableIntegration,
	enableIntegration,
	findViolations,
	getRequest,
	openDatabase,
	type ProjectContext,
	recordIntegrationCheck,
	updateIntegration,
} from "@agentplanner/core";
import { buildNode, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openWire } from "../../../scripts/testing/breakable-wire.ts";
import { loadConfig } from "../../src/config.ts";
import { startWorker } from "../../src/start-worker.ts";
import { pause, settingsFor, silent, until, untilDelivery, untilRequest } from "../harness.ts";
import { answerTo, type Call, connect, openPlatform, type Platform, startListener, statusOf } from "./line.ts";

let database: TestDatabase;
let platform: Platform;
let ctx: ProjectContext;
beforeEach(async () => {
	database = await createTestDatabase();
	onTestFinished(database.drop);
	platform = openPlatform();
	ctx = await buildProject(database.db);
});

const untilHeard = (number: number, ms?: number): Promise<Call> => until(() => platform.calls[number - 1], ms) as Promise<Call>;
const untilStatus = (state: string) =>
	until(async () => {
		const status = await statusOf(ctx);
		return status?.state === state && status;
	});
/** Makes the database believe that so much time has passed for the listener. */
const age = (seconds: number) =>
	database.db.pool.query(
		`update integration_listeners set lease_until = lease_until - $1 * interval '1 second', since = since - $1 * interval '1 second',
		next_try_at = next_try_at - $1 * interval '1 second', updated_at = updated_at - $1 * interval '1 second'`,
		[seconds],
	);
const waitMs = async (): Promise<number> => {
	const { rows } = await database.db.pool.query(
		"select extract(epoch from next_try_at - updated_at) * 1000 as ms from integration_listeners where holder is null",
	);
	return Number(rows[0]?.ms);
};
const eventsOf = async (): Promise<string[]> => {
	const { rows } = await database.db.pool.query("select type from events where type like 'integration.listening.%' order by id");
	return rows.map(({ type }) => type);
};

describe("who listens", () => {
	test("of two workers one, within a second; when it stops, the other goes on at once with its session", async () => {
		const first = startListener(database, platform, "first");
		await connect(ctx, platform);
		const call = await untilHeard(1, 2_000);
		startListener(database, platform, "second");
		await call.listening.saveSession({ id: "s1", seq: 1 });
		await call.listening.saveSession({ id: "s1", seq: 2 });
		await pause(2_500);
		expect(platform.calls).toHaveLength(1);
		await first.stop();
		expect(call).toMatchObject({ closed: true, signal: { aborted: true } });
		const next = await untilHeard(2, 2_000);
		expect(next.listening.session).toEqual({ id: "s1", seq: 2 });
	});

	test("what a session says can't be read from the table", async () => {
		startListener(database, platform, "first");
		await connect(ctx, platform);
		await (await untilHeard(1)).listening.saveSession({ resume: "very secret" });
		const { rows } = await database.db.pool.query("select session from integration_listeners");
		expect(rows[0].session.toString("latin1")).not.toContain("secret");
	});

	test("a worker that is cut off ends before its lease does, stores nothing more, and another one takes over", async () => {
		const wire = await openWire(database.url);
		const db = openDatabase({ url: wire.url, name: "cut-off", onError: () => {} });
		onTestFinished(async () => {
			wire.mend();
			await db.close();
			await wire.close();
		});
		startListener({ db }, platform, "cut-off");
		await connect(ctx, platform);
		const call = await untilHeard(1);
		await call.listening.saveSession({ seq: 7 });
		wire.cut();
		await expect(call.listening.receive([answerTo("none", "A0")])).rejects.toThrow();
		startListener(database, platform, "other");
		const next = await untilHeard(2, 20_000);
		expect(call).toMatchObject({ signal: { aborted: true }, closed: true });
		expect(next.listening.session).toEqual({ seq: 7 });
		wire.mend();
		await expect(call.listening.receive([answerTo("none", "A1")])).rejects.toThrow("has ended");
		await expect(call.listening.saveSession({ seq: 8 })).rejects.toThrow("has ended");
		expect((await database.db.pool.query("select 1 from inbound_events")).rowCount).toBe(0);
	}, 40_000);

	test("whose lease passed unnoticed stores nothing either: the database knows", async () => {
		startListener(database, platform, "first");
		await connect(ctx, platform);
		const call = await untilHeard(1);
		await age(16);
		await expect(call.listening.receive([answerTo("none", "A1")])).rejects.toThrow("Another worker listens");
		await expect(call.listening.saveSession({})).rejects.toThrow("Another worker listens");
		await until(() => call.closed);
		await untilHeard(2);
	});

	test("a listener that doesn't hear the signal holds nobody up, and is heard no more", async () => {
		platform = openPlatform({ deaf: true });
		const first = startListener(database, platform, "first");
		await connect(ctx, platform);
		const call = await untilHeard(1);
		const begun = performance.now();
		await first.stop();
		expect(performance.now() - begun).toBeLessThan(6_000);
		await expect(call.listening.receive([answerTo("none", "A1")])).rejects.toThrow("has ended");
		startListener(database, platform, "second");
		await untilHeard(2, 2_000);
	}, 15_000);
});

describe("what is listened to", () => {
	test("new settings begin it anew with what was saved; a disabled one is let alone, an enabled one isn't", async () => {
		startListener(database, platform, "first");
		const { id } = await connect(ctx, platform);
		const call = await untilHeard(1);
		await call.listening.saveSession({ seq: 1 });
		await updateIntegration(ctx, id, { settings: { team: "T2" } }, platform.adapter, null);
		const next = await untilHeard(2, 3_000);
		expect(call.closed).toBe(true);
		expect(next).toMatchObject({ settings: { team: "T2" }, listening: { session: { seq: 1 } } });
		next.listening.report(null);
		await untilStatus("listening");
		await disableIntegration(ctx, id);
		await until(() => next.closed);
		expect(await statusOf(ctx)).toMatchObject({ state: "off", since: null });
		await pause(1_500);
		expect(platform.calls).toHaveLength(2);
		await enableIntegration(ctx, id);
		await untilHeard(3, 3_000);
	}, 15_000);

	test("without a worker the integration says so", async () => {
		await connect(ctx, platform);
		expect(await statusOf(ctx)).toMatchObject({ state: "connecting" });
		await database.db.pool.query("update messaging_integrations set updated_at = now() - interval '1 minute'");
		expect(await statusOf(ctx)).toMatchObject({ state: "unattended", problem: null });
	});
});

describe("how it stands", () => {
	test("pages hear when the line is up and when it isn't, but not of what is mended at once", async () => {
		startListener(database, platform, "first");
		await connect(ctx, platform);
		const { listening } = await untilHeard(1);
		expect(await statusOf(ctx)).toMatchObject({ state: "connecting" });
		listening.report(null);
		const { since } = await untilStatus("listening");
		listening.report("The line was cut.");
		await pause(1_000);
		listening.report(null);
		await pause(3_000);
		expect(await statusOf(ctx)).toMatchObject({ state: "listening", since, problem: null });
		listening.report("The line was cut again.");
		expect(await untilStatus("reconnecting")).toMatchObject({ problem: "The line was cut again.", next_try_at: null });
		listening.report(null);
		await untilStatus("listening");
		const started = "integration.listening.started";
		expect(await until(async () => (await eventsOf()).length === 3 && eventsOf())).toEqual([
			...[started, "integration.listening.interrupted", started],
		]);
	}, 20_000);

	test("refused credentials wait for a person, who sees what to do; a test that passes, or a change, begins it again at once", async () => {
		startListener(database, platform, "first");
		const { id } = await connect(ctx, platform);
		const refusal = new AdapterError("unauthorized", "The token was revoked.", { remedy: "Make a new token." });
		(await untilHeard(1)).fail(refusal);
		const seen = await untilStatus("refused");
		expect(seen).toMatchObject({ problem: "The token was revoked.", remedy: "Make a new token." });
		expect(Date.parse(seen.next_try_at ?? "") - Date.now()).toBeGreaterThan(800_000);
		await recordIntegrationCheck(ctx, id, []);
		const second = await untilHeard(2, 3_000);
		expect(await statusOf(ctx)).toMatchObject({ state: "refused" });
		second.fail(refusal);
		await until(async () => (await statusOf(ctx))?.next_try_at);
		await pause(1_500);
		expect(platform.calls).toHaveLength(2);
		await updateIntegration(ctx, id, { secrets: { token: "another" } }, platform.adapter, null);
		(await untilHeard(3, 3_000)).listening.report(null);
		await untilStatus("listening");
		expect(await eventsOf()).toEqual(["integration.listening.interrupted", "integration.listening.started"]);
	}, 15_000);

	test("secrets that can't be opened wait for a person, too", async () => {
		await connect(ctx, platform);
		await database.db.pool.query("update messaging_integrations set credentials = 'sealed with another key'");
		startListener(database, platform, "first");
		const { problem, remedy } = await untilStatus("refused");
		expect(problem).toContain("can't be opened");
		expect(remedy).toContain("ENCRYPTION_KEY");
	});

	test.each([
		["an error of its own", new TypeError("undefined is not a function")],
		["what is no error", "nonsense"],
		["a platform that is away", new AdapterError("unavailable", "No answer.", { remedy: "Wait." })],
	])("%s has it begun again, later and later", async (_name, thrown) => {
		startListener(database, platform, "first");
		await connect(ctx, platform);
		const waits: number[] = [];
		for (const number of [1, 2, 3]) {
			(await untilHeard(number)).fail(thrown);
			waits.push(await until(waitMs));
			expect(await statusOf(ctx)).toMatchObject({ state: "reconnecting" });
			await age(60);
		}
		for (const [index, wait] of waits.entries()) {
			expect(wait).toBeGreaterThanOrEqual(800 * 2 ** index - 1);
			expect(wait).toBeLessThanOrEqual(1_200 * 2 ** index + 1);
		}
		expect(await eventsOf()).toEqual(["integration.listening.interrupted"]);
	});

	test("a platform that asks for patience gets it", async () => {
		startListener(database, platform, "first");
		await connect(ctx, platform);
		(await untilHeard(1)).fail(new AdapterError("rate_limited", "Too many.", { remedy: "Wait.", retryAfterMs: 90_000 }));
		expect(await until(waitMs)).toBeGreaterThanOrEqual(89_999);
	});

	test("starts count as failures until one has lasted, also of a worker that is killed each time", async () => {
		const failures = async () => Number((await database.db.pool.query("select failures from integration_listeners")).rows[0]?.failures);
		startListener(database, platform, "first");
		await connect(ctx, platform);
		const call = await untilHeard(1);
		expect(await failures()).toBe(1);
		await age(16);
		(await untilHeard(2)).listening.report(null);
		expect(call.closed).toBe(true);
		expect(await failures()).toBe(2);
		await untilStatus("listening");
		await database.db.pool.query("update integration_listeners set since = now() - interval '11 minutes'");
		await until(async () => (await failures()) === 0);
	});
});

describe("what is heard", () => {
	/** A real worker, and a question that went out over the line. */
	const askOverLine = async (url: string) => {
		const worker = await startWorker(loadConfig(settingsFor(url)), silent, [platform.adapter]);
		onTestFinished(() => worker.stop());
		const integration = await connect(ctx, platform);
		const node = await buildNode(database.db, ctx.projectId);
		const targets = [{ integration_id: integration.id, address: "" }];
		const { id } = await createRequest(ctx, { node_id: node.id, question: "Which?", targets, answer_policy: { kind: "first" } });
		const asked = { ctx, id };
		return { asked, delivery: await untilDelivery(asked, ({ status }) => status === "delivered"), call: await untilHeard(1) };
	};

	test("is stored once, and only then acknowledged: while the database is away, the platform keeps it", async () => {
		const wire = await openWire(database.url);
		onTestFinished(() => wire.close());
		const { asked, delivery, call } = await askOverLine(wire.url);
		wire.cut();
		await expect(call.listening.receive([answerTo(delivery.id, "A1")])).rejects.toThrow();
		wire.mend();
		await until(() =>
			call.listening.receive([answerTo(delivery.id, "A1")]).then(
				() => true,
				() => false,
			),
		);
		await call.listening.receive([answerTo(delivery.id, "A1"), answerTo(delivery.id, "A1")]);
		const { responses } = await untilRequest(asked, "completed");
		expect(responses).toMatchObject([{ text: "Answer A1", respondent: "ada" }]);
		expect(platform.calls).toHaveLength(1);
		expect(await findViolations(ctx)).toEqual([]);
	}, 30_000);

	test("in a thread is an answer, under its author's name", async () => {
		const { asked, delivery, call } = await askOverLine(database.url);
		const said = { type: "thread_reply", externalId: "R1", platformId: `message ${delivery.id}`, address: "", text: "Spain" } as const;
		await call.listening.receive([{ ...said, author: "U1" }]);
		await untilRequest(asked, "completed");
		await until(async () => (await getRequest(ctx, asked.id)).responses[0]?.respondent === "Ada");
	}, 20_000);
});
