import { randomUUID } from "node:crypto";
import type { Connection, Listening, Received } from "@agentplanner/contracts";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { buildMessage, decisionContent } from "../../fixtures/messages.ts";
import { discord } from "../../src/discord/index.ts";
import { createGuardedConnect } from "../../src/guarded-connect.ts";
import { createGuardedFetch } from "../../src/guarded-fetch.ts";
import { type DiscordDouble, startDiscordDouble } from "./discord-double.ts";
import type { StoredMessage } from "./stored-message.ts";
import { person, world } from "./world.ts";

const { applicationId, publicKey, botId, channel, token } = world;
const allowedNetworks = ["127.0.0.1/32"];
const fetch = createGuardedFetch({ allowedNetworks });
const until = <T>(read: () => T) => vi.waitUntil(read, { timeout: 5_000, interval: 10 });
let double: DiscordDouble;
let logged: string[];

beforeEach(async () => {
	double = await startDiscordDouble();
	double.configure({ flags: 1 << 19 });
	logged = [];
});
afterEach(() => double.close());

const open = (changes: object = {}, bot_token = token): Promise<Connection> => {
	const log = { info: () => {}, warn: (_fields: object, message: string) => void logged.push(message) };
	return discord.open(
		{
			settings: { application_id: applicationId, public_key: publicKey, gateway: "all", api_url: double.url, ...changes },
			secrets: { bot_token },
		},
		{ fetch, connect: createGuardedConnect({ allowedNetworks }), log, now: () => new Date() },
	);
};

type Store = { session: Record<string, unknown> | null; received: Received[]; reports: (string | null)[] };
const newStore = (): Store => ({ session: null, received: [], reports: [] });

/** What the worker does: stores once by external id, keeps the session, listens until told to stop. */
const listen = async (store: Store, changes: object = {}, receive?: Listening["receive"], bot_token?: string) => {
	const connection = await open(changes, bot_token);
	const stop = new AbortController();
	const known = new Set(store.received.map(({ externalId }) => externalId));
	const listening: Listening = {
		receive:
			receive ??
			(async (received) => {
				store.received.push(...received.filter(({ externalId }) => !known.has(externalId)));
				for (const { externalId } of received) known.add(externalId);
			}),
		session: store.session,
		saveSession: async (session) => {
			store.session = session;
		},
		report: (problem) => void store.reports.push(problem),
	};
	const ended = connection.listen?.(listening, stop.signal) ?? Promise.reject(new Error("It doesn't listen."));
	ended.catch(() => {});
	const end = async () => {
		stop.abort();
		await ended;
	};
	onTestFinished(() => {
		stop.abort();
	});
	return { ended, end };
};
const listenUp = async (store: Store, ...rest: [object?, Listening["receive"]?]) => {
	const before = store.reports.length;
	const line = await listen(store, ...rest);
	await until(() => store.reports.slice(before).includes(null));
	return line;
};

const ask = async (): Promise<StoredMessage> => {
	const connection = await open();
	await connection.send(buildMessage(undefined, { key: randomUUID(), address: channel }), AbortSignal.timeout(5_000));
	return double.messages().at(-1) as StoredMessage;
};
const replyTo = (question: StoredMessage, fields: object = {}) => ({
	...{ type: 19, referenced_message: { id: question.id, author: { id: botId } } },
	...fields,
});
const texts = ({ received }: Store) => received.map((item) => ("text" in item ? item.text : item.type));

describe("what people write", () => {
	test("as a reply to a question, or in a thread on it, is heard; everything else is nobody's answer", async () => {
		const question = await ask();
		double.addChannel(question.id, { type: 11, parent_id: channel });
		const store = newStore();
		const line = await listenUp(store, { allowed_bots: "1160000000000000098" });
		double.say("Lunch?");
		double.say("Own", replyTo(question, { author: { id: botId, username: "AgentPlanner", bot: true } }));
		double.say("Bot", replyTo(question, { author: { id: "1160000000000000097", username: "stranger", bot: true } }));
		double.say("joined", { type: 7 });
		double.say("to somebody else", { type: 19, referenced_message: { id: "1160000000000000031", author: { id: person.id } } });
		const replied = double.say(
			`<@${botId}> Spain, ask <@${person.id}> <:sun:123>`,
			replyTo(question, { mentions: [person], attachments: [{ filename: "a.pdf" }] }),
		);
		const threaded = double.say("France", {}, question.id);
		const helped = double.say("Italy", replyTo(question, { author: { id: "1160000000000000098", username: "helper", bot: true } }));
		await until(() => store.received.length === 3);
		await line.end();
		const said = { type: "thread_reply", platformId: question.id, address: channel };
		expect(store.received).toEqual([
			{
				...{ ...said, externalId: `message:${replied.id}`, author: "Ada L.", ear: { person: person.id } },
				text: `Spain, ask @Ada L. :sun:\n\n[a.pdf](https://discord.com/channels/${world.guild}/${channel}/${replied.id})`,
			},
			{ ...said, externalId: `message:${threaded.id}`, text: "France", author: "Ada L.", ear: { person: person.id } },
			{ ...said, externalId: `message:${helped.id}`, text: "Italy", author: "helper" },
		]);
		expect(double.calls.filter(({ path }) => path === `/channels/${channel}`)).toHaveLength(1);
	});

	test("without the intent only what pings the bot can be read; the rest is told to the log", async () => {
		const question = await ask();
		const store = newStore();
		double.configure({ flags: 0 });
		await listenUp(store, { gateway: "mentions" });
		double.say("Spain", replyTo(question));
		double.say("France", replyTo(question, { mentions: [{ id: botId, username: "AgentPlanner" }] }));
		await until(() => store.received.length === 1);
		expect(texts(store)).toEqual(["France"]);
		expect(logged).toEqual(["a reply came without its text, since it doesn't ping the bot"]);
	});
});

describe("what people press, where Discord has no address to post to", () => {
	test("is answered once it is stored", async () => {
		const connection = await open();
		const message = buildMessage(decisionContent, { key: randomUUID(), address: channel });
		await connection.send(message, AbortSignal.timeout(5_000));
		const store = newStore();
		await listenUp(store);
		const form = double.press(double.messages()[0], "comment");
		double.gateway.dispatch("INTERACTION_CREATE", form.payload);
		await until(() => double.presses.isAnswered(form.token));
		const sent = double.presses.submit(form, { option: "approve", comment: "At last." });
		double.gateway.dispatch("INTERACTION_CREATE", { ...sent.payload, application_id: "1160000000000000099" });
		for (const _time of [1, 2]) double.gateway.dispatch("INTERACTION_CREATE", sent.payload);
		await until(() => double.presses.isAnswered(sent.token) && logged.length === 2);
		expect(store.received).toMatchObject([
			{ type: "decision", deliveryId: message.key, option: "approve", comment: "At last.", person: { id: person.id, name: "Ada L." } },
		]);
		expect(double.presses.told(sent.token).answer).toMatchObject({ type: 6 });
		expect(logged).toEqual(["a press that can't be read was left out", "somebody who pressed a button was not answered"]);
	});

	test("that can't be stored gets no answer, so that Discord shows that it failed", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store, {}, () => Promise.reject(new Error("no database")));
		const press = double.press(question, "reply");
		double.presses.answer(press.token, {
			type: 9,
			data: { custom_id: `ap:answer:${randomUUID()}`, components: [{ component: { type: 4, custom_id: "answer" } }] },
		});
		const sent = double.presses.submit(press, { answer: "Spain" });
		double.gateway.dispatch("INTERACTION_CREATE", sent.payload);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("could not be stored") });
		expect(double.presses.isAnswered(sent.token)).toBe(false);
	});
});

describe("a line that breaks", () => {
	test.each([
		["Discord wants it taken up again", () => double.gateway.send(7)],
		["Discord closes it", () => double.gateway.hangUp(4_000)],
		["nothing comes back any more", () => double.gateway.mute()],
	])("is taken up again, and nothing is missed nor heard twice: %s", async (_name, breakIt) => {
		const question = await ask();
		const store = newStore();
		await listenUp(store);
		double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		breakIt();
		await until(() => double.gateway.seen.some((what) => what.startsWith("closed")));
		double.say("meanwhile", replyTo(question));
		await until(() => store.received.length === 2);
		double.say("after", replyTo(question));
		await until(() => store.received.length === 3);
		expect(texts(store)).toEqual(["before", "meanwhile", "after"]);
		expect(double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
		expect(store.reports).toEqual([null, expect.stringContaining("being taken up again"), null]);
	});

	test("over a restart the session goes on", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store);
		double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		await line.end();
		await until(() => double.gateway.seen.includes("closed 4200"));
		double.say("meanwhile", replyTo(question));
		await listenUp(store);
		await until(() => store.received.length === 2);
		expect(double.gateway.seen).toEqual(["identify", "closed 4200", expect.stringMatching(/^resume \d+$/)]);
	});

	test("what could not be stored is told again to the next who listens", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store, {}, () => Promise.reject(new Error("no database")));
		double.say("Spain", replyTo(question));
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable" });
		await listenUp(store);
		await until(() => store.received.length === 1);
		expect(texts(store)).toEqual(["Spain"]);
		expect(double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
	});

	test("for so long that its session is gone is begun anew, and what was written meanwhile is looked up", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store);
		double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		await line.end();
		double.gateway.forget();
		for (let each = 0; each < 150; each += 1) double.say("talk");
		double.say("meanwhile", replyTo(question, { attachments: [{ filename: "a.pdf" }] }));
		double.addChannel("1160000000000000040", { messages: [{ id: "1160000000000000041" } as StoredMessage] });
		await listenUp(store);
		await until(() => store.received.length === 2);
		double.say("after", replyTo(question));
		await until(() => store.received.length === 3);
		const file = `[a.pdf](https://discord.com/channels/${world.guild}/${channel}/${double.messages().at(-2)?.id})`;
		expect(texts(store)).toEqual(["before", `meanwhile\n\n${file}`, "after"]);
	});

	test("and is taken up only after more was written than is looked up says so", async () => {
		const question = await ask();
		const store = { ...newStore(), session: { ...savedAt(double.gateway.url), session: null } };
		for (let each = 0; each < 1_000; each += 1) double.say("talk");
		double.say("too late", replyTo(question));
		await listenUp(store);
		await until(() => logged.length === 1);
		expect(logged).toEqual([expect.stringContaining("too much was written")]);
		expect(store.received).toEqual([]);
	});

	test("ends with what to do, where a person has to", async () => {
		double.configure({ flags: 0 });
		await expect((await listen(newStore())).ended).rejects.toMatchObject({
			kind: "unauthorized",
			remedy: expect.stringContaining("Message Content Intent"),
		});
		const revoked = await listen(
			{ ...newStore(), session: savedAt(double.gateway.url) },
			{},
			undefined,
			`MTE2${token.slice(4).toUpperCase()}`,
		);
		await expect(revoked.ended).rejects.toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("Reset Token") });
		double.gateway.refuse(4_004);
		await expect((await listen(newStore())).ended).rejects.toMatchObject({ kind: "unauthorized" });
	});

	const savedAt = (url: string) => ({
		session: { id: "session-1", url, sequence: 1, botId, missedSince: null },
		heardUntil: new Date().toISOString(),
	});

	test("begins no session where hardly any are left", async () => {
		double.gateway.budget(20);
		await expect((await listen(newStore())).ended).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 3_600_000 });
		expect(double.gateway.seen).toEqual([]);
	});

	test("leaves it to others when to try again, and keeps its session: no hot loop", async () => {
		const store = { ...newStore(), session: savedAt("ws://127.0.0.1:1") };
		await expect((await listen(store)).ended).rejects.toMatchObject({
			kind: "unavailable",
			message: expect.stringContaining("not reached"),
		});
		expect(store.session).toMatchObject({ session: { id: "session-1" } });
		const anHourOld = { ...store.session, heardUntil: new Date(Date.now() - 3_700_000).toISOString() };
		const old = { ...newStore(), session: anHourOld };
		await expect((await listen(old)).ended).rejects.toMatchObject({ kind: "unavailable" });
		expect(old.session).toEqual({ ...anHourOld, session: null });
		const flapping = newStore();
		const line = await listenUp(flapping);
		double.gateway.refuse(4_000);
		double.gateway.hangUp(4_000);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable" });
		expect(double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
	});

	test("goes nowhere that the address rules forbid, whoever says so", async () => {
		double.gateway.lead("ws://10.0.0.1:80");
		const line = await listenUp(newStore());
		double.gateway.hangUp(4_000);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("not reached") });
	});
});

test("who doesn't want the gateway isn't listened for", () => {
	const config = (gateway: "off" | "mentions" | "all") => ({
		settings: { application_id: applicationId, public_key: publicKey, gateway },
		secrets: { bot_token: token },
	});
	expect((["off", "mentions", "all"] as const).map((gateway) => discord.listens?.(config(gateway)))).toEqual([false, true, true]);
});
