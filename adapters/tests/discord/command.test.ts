import type { Inbound, Whisper } from "@agentplanner/contracts";
import { beforeEach, describe, expect, test } from "vitest";
import { discord as adapter } from "../../src/discord/index.ts";
import { long, settings, signal, unreadable, useDiscord, wrongToken } from "./harness.ts";
import { person, world } from "./world.ts";

const discord = useDiscord();
const declared = () => discord.double.calls.filter(({ method, path }) => method === "POST" && path.endsWith("/commands"));

describe("the check", () => {
	test("declares the command where Discord doesn't have it as it is now, once, and leaves others alone", async () => {
		const lunch = { name: "lunch", type: 1 as const, description: "Lunch", options: [] };
		discord.double.declare(lunch);
		discord.double.declare({ ...lunch, name: "planner" });
		for (const _time of [1, 2]) expect(await discord.connection.check([], signal())).toEqual([]);
		expect(declared()).toMatchObject([{ body: { name: "planner", integration_types: [0], contexts: [0, 1] } }]);
		expect(discord.double.commandNames()).toEqual(["lunch", "planner"]);
	});

	test("says so where it can't, which holds no messages back; of another application it declares nothing", async () => {
		discord.double.next({ kind: "accept" }, { kind: "accept" }, unreadable);
		const [problem, ...others] = await discord.connection.check([], signal());
		expect(problem).toMatchObject({ problem: expect.stringContaining("Nobody can use /planner") });
		expect([problem?.kind, others]).toEqual([undefined, []]);
		discord.double.configure({ id: "1160000000000000099" });
		await discord.connection.check([], signal());
		expect(declared()).toEqual([]);
	});
});

/** What the adapter makes of what Discord posts. */
const read = ({ payload }: { payload: unknown }) => {
	const rawBody = Buffer.from(JSON.stringify(payload));
	return adapter.parse?.({ method: "POST", headers: {}, rawBody }, { settings, secrets: { bot_token: wrongToken } }) ?? { inbound: [] };
};

describe("a command", () => {
	beforeEach(async () => void (await discord.connection.check([], signal())));

	/** Somebody writes it, and Discord hears our answer for now. */
	const write = (words = "inbox") => {
		const press = discord.double.command(words);
		const { inbound, reply } = read(press);
		discord.double.hear(press.token, reply?.body);
		return { press, inbound, reply, ear: (inbound[0] as Extract<Inbound, { type: "command" }>).ear };
	};
	const whisper: Whisper = {
		text: "Waiting for you, newest first:",
		items: [
			{ title: "Ship [it]\n*now*?", about: "Decision on Launch", due: "2026-08-08T10:00:00.000Z", url: "https://planner.example.com/d" },
			{ title: "Which market?", about: "Question on Launch", due: null, url: "https://planner.example.com/r" },
		],
		link: { label: "Open AgentPlanner", url: "https://planner.example.com" },
	};

	test("is taken with who wrote what and where; they alone see that we are thinking", () => {
		const { press, inbound, reply } = write("help");
		const ear = { application_id: world.applicationId, token: press.token, deferred: true };
		const command = { type: "command", externalId: `interaction:${press.id}`, words: "help", address: world.channel };
		expect(inbound).toEqual([{ ...command, person: { id: person.id, name: "Ada L." }, ear }]);
		expect(reply?.body).toEqual({ type: 5, data: { flags: 64 } });
	});

	test("that isn't ours is answered with that", () => {
		const { payload } = discord.double.presses.interact(2, { data: { name: "lunch", type: 1 } });
		expect(read({ payload })).toMatchObject({ inbound: [], reply: { body: { type: 4, data: { flags: 64 } } } });
	});

	test("is answered in the place of that, with a link for each thing", async () => {
		const { press, ear } = write();
		await discord.connection.tell?.(ear, whisper, signal());
		const told = discord.double.presses.told(press.token);
		expect(told.followUps).toEqual([]);
		expect(told.shown).toMatchObject({ content: whisper.text, components: [{ components: [{ url: whisper.link?.url }] }] });
		const { description } = (told.shown as { embeds: { description: string }[] }).embeds[0] ?? { description: "" };
		expect(description.split("\n")).toEqual([
			"- [Ship \\[it\\] \\*now\\*?](https://planner.example.com/d)",
			"  Decision on Launch, due <t:1786183200:f>",
			"- [Which market?](https://planner.example.com/r)",
			"  Question on Launch",
		]);
	});

	test("is answered with as many things as Discord takes, and with how many are left out", async () => {
		const { press, ear } = write();
		const item = { title: long(5_000), about: "*".repeat(500), due: null, url: `https://planner.example.com/${long(200)}` };
		await discord.connection.tell?.(ear, { ...whisper, items: Array(20).fill(item) }, signal());
		expect(JSON.stringify(discord.double.presses.told(press.token).shown)).toMatch(/… and \d+ more in AgentPlanner\./);
	});

	test("is answered all the same where Discord takes no links to addresses of our own network", async () => {
		const { press, ear } = write();
		discord.double.next(unreadable);
		await discord.connection.tell?.(ear, whisper, signal());
		expect(discord.double.presses.told(press.token).shown).toMatchObject({ content: whisper.text, components: [] });
	});
});
