import { inspect } from "node:util";
import { type Adapter, type AdapterContext, AdapterError } from "@agentplanner/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AdapterFixture, PlatformDouble } from "../fixtures/adapter-fixture.ts";
import { buildMessage, nudgeContent } from "../fixtures/messages.ts";
import { createGuardedConnect } from "../src/guarded-connect.ts";
import { createGuardedFetch, type GuardedFetchClient } from "../src/guarded-fetch.ts";
import { describeAdapter } from "../src/index.ts";
import { type Composing, composing } from "./composing.ts";

const now = new Date("2026-08-01T10:00:00Z");
const encode = (text: string) => new TextEncoder().encode(text);
const signal = () => AbortSignal.timeout(10_000);

/** What every adapter promises, as tests. */
export const describeContract = (adapter: Adapter, load: () => Promise<AdapterFixture>): void => {
	let fixture: AdapterFixture;
	let double: PlatformDouble;
	let fetch: GuardedFetchClient;
	let connection: Composing;
	let secrets: string[];
	const logged: unknown[] = [];

	beforeAll(async () => {
		fixture = await load();
		double = await fixture.startDouble();
		const allowedNetworks = ["127.0.0.1/32"];
		fetch = createGuardedFetch({ allowedNetworks });
		const connect = createGuardedConnect({ allowedNetworks });
		const record = (...entry: unknown[]) => logged.push(entry);
		const context: AdapterContext = { fetch, connect, log: { info: record, warn: record }, now: () => new Date() };
		connection = composing(await adapter.open(config(), context));
		secrets = [...Object.values(fixture.config(double.url).secrets), ...fixture.otherSecrets];
	});
	afterAll(async () => {
		await connection?.close();
		await fetch?.close();
		await double?.close();
	});

	const config = () => {
		const { settings, secrets } = fixture.config(double.url);
		return { settings: adapter.settings.parse(settings), secrets: adapter.secrets.parse(secrets) };
	};
	const send = () => connection.send(fixture.message, signal());
	const failure = async (): Promise<AdapterError> => {
		const error = await send().then(
			() => expect.fail("the message was accepted"),
			(reason: unknown) => reason,
		);
		if (!(error instanceof AdapterError)) throw error;
		expect(error.remedy).toMatch(/^[A-Z].{10,}\.$/);
		expectNoSecrets(error);
		return error;
	};
	const expectNoSecrets = (value: unknown) => {
		const text = inspect(value, { depth: 12, showHidden: true, maxStringLength: null, breakLength: Number.POSITIVE_INFINITY });
		const wire = value instanceof AdapterError ? JSON.stringify(value.exchange) : JSON.stringify(value);
		for (const secret of secrets) expect(`${text}${wire}`).not.toContain(secret);
	};

	test("describes itself for the set-up screens", () => {
		const description = describeAdapter(adapter);
		expect(description).toMatchObject({
			id: adapter.id,
			label: adapter.label,
			settings_schema: { type: "object" },
			secrets_schema: { type: "object" },
		});
		expect(() => JSON.stringify(description)).not.toThrow();
	});

	test("its set-up steps speak of nothing but its settings and its address", () => {
		const { setup, settings_schema } = describeAdapter(adapter);
		if (!setup) return;
		const known = ["ingress_url", ...Object.keys((settings_schema.properties ?? {}) as object)];
		const namesIn = (part: unknown) => [...JSON.stringify(part).matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name);
		expect(namesIn(setup.before)).toEqual([]);
		for (const name of namesIn(setup.after)) expect(known).toContain(name);
		expect([...setup.before, ...setup.after].every(({ title, text }) => title !== "" && text !== "")).toBe(true);
	});

	test("secrets it makes itself are good ones, new each time", () => {
		if (!adapter.createSecrets) return;
		const made = { ...fixture.config(double.url).secrets, ...adapter.createSecrets() };
		expect(adapter.secrets.safeParse(made).success).toBe(true);
		expect(adapter.createSecrets()).not.toEqual(adapter.createSecrets());
	});

	test("says what happens to a message whose fate is unknown", () => {
		expect(connection.find !== undefined || ["safe", "ask"].includes(adapter.redelivery)).toBe(true);
	});

	describe("sending", () => {
		test("an accepted message gives a receipt and a record without secrets, the same bytes each time", async () => {
			double.behave({ kind: "accept" });
			const before = double.received.length;
			const first = await send();
			await send();
			expect(first.receipt).toBeDefined();
			expect(first.exchange?.response?.status).toBe(200);
			expectNoSecrets(first);
			const [one, two] = double.received.slice(before);
			expect(one?.body).toEqual(two?.body);
		});

		test("what it composes is JSON that depends on the message alone, and goes out again as it was whatever has changed", async () => {
			double.behave({ kind: "accept" });
			const payload = connection.compose(fixture.message);
			expect(connection.compose({ ...fixture.message, traceparent: "another" })).toBe(payload);
			expect(() => JSON.parse(payload)).not.toThrow();
			const before = double.received.length;
			await send();
			await connection.resend({ ...fixture.message, content: nudgeContent, link: "https://moved.example.com/" }, payload, signal());
			const [one, two] = double.received.slice(before);
			expect(two?.body).toEqual(one?.body);
		});

		test("a reminder of it is accepted, too", async () => {
			double.behave({ kind: "accept" });
			const { receipt } = await connection.send({ ...fixture.message, key: buildMessage().key, content: nudgeContent }, signal());
			expect(receipt).toBeDefined();
		});

		test("a platform that echoes what it got puts no secret into the record", async () => {
			const sent = double.received.at(-1);
			const echo = `${Buffer.from(sent?.body ?? []).toString()} ${JSON.stringify(sent?.headers)} ${secrets.join(" ")}`;
			double.behave({ kind: "accept", body: echo, headers: { "x-echo": secrets.join(" ") } });
			expectNoSecrets(await send());
			double.behave({ kind: "status", status: 500, body: echo, headers: { "x-echo": secrets.join(" ") } });
			await failure();
		});

		test.each(["rejected", "unauthorized", "unavailable"] as const)("%s", async (kind) => {
			for (const refusal of fixture.refusals[kind]) {
				double.behave({ kind: "status", ...refusal });
				expect(await failure(), JSON.stringify(refusal)).toMatchObject({ kind, gone: false, mayHaveBeenAccepted: false });
			}
		});

		test("what says neither yes nor no may have been accepted", async () => {
			for (const refusal of fixture.refusals.unclear) {
				double.behave({ kind: "status", ...refusal });
				expect(await failure(), JSON.stringify(refusal)).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
			}
		});

		test("rate_limited, with the delay", async () => {
			double.behave({ kind: "status", ...fixture.refusals.rateLimited });
			const error = await failure();
			expect(error.kind).toBe("rate_limited");
			expect(error.retryAfterMs).toBeGreaterThan(0);
		});

		test("cut after the request was sent: it may have been accepted", async () => {
			double.behave({ kind: "cut" });
			expect(await failure()).toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
		});

		test("a given up attempt ends at once", async () => {
			double.behave({ kind: "accept" });
			const before = double.received.length;
			await expect(connection.send(fixture.message, AbortSignal.abort())).rejects.toMatchObject({
				kind: "unavailable",
				mayHaveBeenAccepted: false,
			});
			expect(double.received.length).toBe(before);
		});

		test("nothing logged holds a secret", () => expectNoSecrets(logged));
	});

	describe("checking", () => {
		test("a working platform has no problems", async () => {
			double.behave({ kind: "accept" });
			expect(await connection.check([fixture.message.address], signal())).toEqual([]);
		});

		test("each problem has a remedy and no secret", async () => {
			for (const refusal of [...fixture.refusals.unauthorized, ...fixture.refusals.unavailable, ...fixture.refusals.unclear]) {
				double.behave({ kind: "status", ...refusal });
				const problems = await connection.check([fixture.message.address], signal());
				expect(problems.length).toBeGreaterThan(0);
				for (const { remedy } of problems) expect(remedy).not.toBe("");
				expectNoSecrets(problems);
			}
		});
	});

	describe("receiving", () => {
		const verify = (body: Uint8Array, signedAt: Date, change: (body: Uint8Array) => Uint8Array = (same) => same) => {
			const request = fixture.sign(body, signedAt);
			return () => adapter.verify?.({ ...request, rawBody: change(request.rawBody) }, config(), now);
		};
		const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
		const unauthorized = expect.objectContaining({ kind: "unauthorized" });

		test("verify and parse come together", () => expect(adapter.verify !== undefined).toBe(adapter.parse !== undefined));

		test("a signed body is accepted", () => {
			for (const { body } of fixture.payloads) expect(verify(encode(body), now)).not.toThrow();
		});

		test("a tampered body is refused", () => {
			if (!adapter.verify) return;
			for (const { body } of fixture.payloads) {
				const tampered = (bytes: Uint8Array) => Uint8Array.from([...bytes, 32]);
				expect(verify(encode(body), now, tampered)).toThrow(unauthorized);
			}
		});

		test("a stale or future body is refused", () => {
			if (!adapter.verify) return;
			for (const minute of [-6, 6]) expect(verify(encode("{}"), minutes(minute))).toThrow(unauthorized);
			for (const minute of [-4, 4]) expect(verify(encode("{}"), minutes(minute))).not.toThrow();
		});

		test("an unsigned body is refused without a secret in the refusal", () => {
			if (!adapter.verify) return;
			const request = { method: "POST", headers: {}, rawBody: encode("{}") };
			expect(() => adapter.verify?.(request, config(), now)).toThrow(unauthorized);
			try {
				adapter.verify(request, config(), now);
			} catch (error) {
				expectNoSecrets(error);
			}
		});

		test("recorded payloads mean what they mean, and a replay has the same external id", () => {
			for (const { name, body, inbound } of fixture.payloads) {
				const request = fixture.sign(encode(body), now);
				const replayed = fixture.sign(encode(body), minutes(1));
				expect(adapter.parse?.(request, config()).inbound, name).toEqual(inbound);
				expect(adapter.parse?.(replayed, config()), name).toEqual(adapter.parse?.(request, config()));
			}
		});

		test("a payload that isn't understood is refused with its field named", () => {
			for (const { name, body, names } of fixture.refused) {
				const parse = () => adapter.parse?.(fixture.sign(encode(body), now), config());
				expect(parse, name).toThrow(expect.objectContaining({ kind: "rejected", message: expect.stringContaining(names) }));
			}
		});
	});
};
