import { describe, expect, test } from "vitest";
import { wrongToken } from "./harness.ts";
import { newStore, replyTo, texts, until, useGateway } from "./listening.ts";
import type { StoredMessage } from "./stored-message.ts";
import { world } from "./world.ts";

const { botId, channel } = world;
const { discord, logged, listen, listenUp, ask } = useGateway();

describe("a line that breaks", () => {
	test.each([
		["Discord wants it taken up again", () => discord.double.gateway.send(7)],
		["Discord closes it", () => discord.double.gateway.hangUp(4_000)],
		["nothing comes back any more", () => discord.double.gateway.mute()],
	])("is taken up again, and nothing is missed nor heard twice: %s", async (_name, breakIt) => {
		const question = await ask();
		const store = newStore();
		await listenUp(store);
		discord.double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		breakIt();
		await until(() => discord.double.gateway.seen.some((what) => what.startsWith("closed")));
		discord.double.say("meanwhile", replyTo(question));
		await until(() => store.received.length === 2);
		discord.double.say("after", replyTo(question));
		await until(() => store.received.length === 3);
		expect(texts(store)).toEqual(["before", "meanwhile", "after"]);
		expect(discord.double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
		expect(store.reports).toEqual([null, expect.stringContaining("being taken up again"), null]);
	});

	test("over a restart the session goes on", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store);
		discord.double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		await line.end();
		await until(() => discord.double.gateway.seen.includes("closed 4200"));
		discord.double.say("meanwhile", replyTo(question));
		await listenUp(store);
		await until(() => store.received.length === 2);
		expect(discord.double.gateway.seen).toEqual(["identify", "closed 4200", expect.stringMatching(/^resume \d+$/)]);
	});

	test("what could not be stored is told again to the next who listens", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store, {}, () => Promise.reject(new Error("no database")));
		discord.double.say("Spain", replyTo(question));
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable" });
		await listenUp(store);
		await until(() => store.received.length === 1);
		expect(texts(store)).toEqual(["Spain"]);
		expect(discord.double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
	});

	test("for so long that its session is gone is begun anew, and what was written meanwhile is looked up", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store);
		discord.double.say("before", replyTo(question));
		await until(() => store.received.length === 1);
		await line.end();
		discord.double.gateway.forget();
		for (let each = 0; each < 150; each += 1) discord.double.say("talk");
		discord.double.say("meanwhile", replyTo(question, { attachments: [{ filename: "a.pdf" }] }));
		discord.double.addChannel("1160000000000000040", { messages: [{ id: "1160000000000000041" } as StoredMessage] });
		await listenUp(store);
		await until(() => store.received.length === 2);
		discord.double.say("after", replyTo(question));
		await until(() => store.received.length === 3);
		const file = `[a.pdf](https://discord.com/channels/${world.guild}/${channel}/${discord.double.messages().at(-2)?.id})`;
		expect(texts(store)).toEqual(["before", `meanwhile\n\n${file}`, "after"]);
	});

	test("and is taken up only after more was written than is looked up says so", async () => {
		const question = await ask();
		const store = { ...newStore(), session: { ...savedAt(discord.double.gateway.url), session: null } };
		for (let each = 0; each < 1_000; each += 1) discord.double.say("talk");
		discord.double.say("too late", replyTo(question));
		await listenUp(store);
		await until(() => logged.length === 1);
		expect(logged).toEqual([expect.stringContaining("too much was written")]);
		expect(store.received).toEqual([]);
	});

	test("ends with what to do, where a person has to", async () => {
		discord.double.configure({ flags: 0 });
		await expect((await listen(newStore())).ended).rejects.toMatchObject({
			kind: "unauthorized",
			remedy: expect.stringContaining("Message Content Intent"),
		});
		const revoked = await listen({ ...newStore(), session: savedAt(discord.double.gateway.url) }, {}, undefined, wrongToken);
		await expect(revoked.ended).rejects.toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("Reset Token") });
		discord.double.gateway.refuse(4_004);
		await expect((await listen(newStore())).ended).rejects.toMatchObject({ kind: "unauthorized" });
	});

	const savedAt = (url: string) => ({
		session: { id: "session-1", url, sequence: 1, botId, missedSince: null },
		heardUntil: new Date().toISOString(),
	});

	test("begins no session where hardly any are left", async () => {
		discord.double.gateway.budget(20);
		await expect((await listen(newStore())).ended).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 3_600_000 });
		expect(discord.double.gateway.seen).toEqual([]);
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
		discord.double.gateway.refuse(4_000);
		discord.double.gateway.hangUp(4_000);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable" });
		expect(discord.double.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
	});

	test("goes nowhere that the address rules forbid, whoever says so", async () => {
		discord.double.gateway.lead("ws://10.0.0.1:80");
		const line = await listenUp(newStore());
		discord.double.gateway.hangUp(4_000);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("not reached") });
	});
});
