import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Closing, Connection, OutboundMessage } from "@agentplanner/contracts";
import { PermissionFlagsBits } from "discord.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	buildMessage,
	decisionContent,
	decisionOutcomeContent,
	eventContent,
	replyContent,
	requestContent,
	textContent,
} from "../../fixtures/messages.ts";
import { discord } from "../../src/discord/index.ts";
import { installPermissions, installUrl } from "../../src/discord/permissions.ts";
import { createGuardedConnect } from "../../src/guarded-connect.ts";
import { createGuardedFetch } from "../../src/guarded-fetch.ts";
import { type DiscordDouble, startDiscordDouble } from "./discord-double.ts";
import { person, world } from "./world.ts";

const { applicationId, publicKey, token, channel } = world;
const allowedNetworks = ["127.0.0.1/32"];
const fetch = createGuardedFetch({ allowedNetworks });
const signal = () => AbortSignal.timeout(10_000);
const long = (count: number) => "x".repeat(count);
let double: DiscordDouble;
let connection: Connection;

const settings = { application_id: applicationId, public_key: publicKey, gateway: "off" as const };
const connect = (url: string, changes: object = {}, bot_token = token) =>
	discord.open(
		{ settings: { ...settings, api_url: url, ...changes }, secrets: { bot_token } },
		{ fetch, connect: createGuardedConnect({ allowedNetworks }), log: { info() {}, warn() {} }, now: () => new Date() },
	);
const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), address: channel, ...overrides });
const receiptOf = (id: string | undefined) => ({ platformId: id, data: { channel, message: id } });

beforeEach(async () => {
	double = await startDiscordDouble();
	connection = await connect(double.url);
});
afterEach(() => double.close());

describe("a question in a channel", () => {
	test("says who asks what of which task, until when, and has a button to answer", async () => {
		const message = ask();
		const { receipt } = await connection.send(message, signal());
		const [posted] = double.messages();
		expect(receipt).toEqual(receiptOf(posted?.id));
		expect(posted?.content).toBe("**Question for Researcher** · **Go to market** › Choose markets");
		const shown = JSON.stringify(posted?.embeds);
		for (const words of ["Which markets first?", "Be brief.", "Ada", "<t:1786183200:f>"]) expect(shown).toContain(words);
		expect(posted?.components).toMatchObject([
			{
				components: [
					{ label: "Reply…", custom_id: `ap:reply:${message.key}` },
					{ label: "Open in AgentPlanner", url: message.link },
				],
			},
		]);
		expect(JSON.stringify(double.calls)).not.toContain(message.reply?.token);
	});

	test("pings nobody, heads nothing and links nowhere but where it says, whatever it says", async () => {
		const hostile = "# Loud\n<@1160000000000000030> @everyone [our wiki](https://evil.example/a_b) **bold** ||hidden||\n> quoted\n1. one";
		const content = structuredClone(requestContent);
		content.question = hostile;
		content.asked_by = hostile;
		content.agent = { id: content.agent_request_id, name: hostile };
		content.context.plan.title = hostile;
		content.context.node.agent_instructions = hostile;
		await connection.send(ask({}, content), signal());
		const [posted] = double.messages();
		expect(posted?.allowed_mentions).toEqual({ parse: [] });
		expect(posted?.embeds[0]?.description).toBe(
			"\\# Loud\n\\<\\@1160000000000000030> \\@everyone \\[our wiki\\](https://evil.example/a_b) \\*\\*bold\\*\\* \\|\\|hidden\\|\\|\n\\> quoted\n1\\. one",
		);
		const texts = [posted?.content, ...(posted?.embeds[0]?.fields ?? []).map(({ value }) => value)];
		for (const text of texts) expect(text?.replace(/<t:\d+:f>/g, "")).not.toMatch(/(?<!\\)[<@[]|(^|\n)# /);
	});

	test("is cut where Discord has limits, with a link to the rest", async () => {
		const content = structuredClone(requestContent);
		content.question = "*".repeat(10_000);
		content.agent = { id: content.agent_request_id, name: `${long(147)}🧪🧪` };
		content.asked_by = long(5_000);
		content.context.plan.title = long(5_000);
		content.context.node.title = "_".repeat(5_000);
		content.context.node.agent_instructions = "🧪".repeat(5_000);
		content.context.node.acceptance_criteria = "<".repeat(5_000);
		const { note } = await connection.send(ask({}, content), signal());
		expect(note).toBeUndefined();
		const shown = JSON.stringify(double.messages()[0]?.embeds);
		expect(shown.match(/\[more in AgentPlanner\]/g)).toHaveLength(3);
		expect(double.messages()[0]?.embeds[0]?.description).toMatch(/^(\\\*)+… \[more/);
		expect(shown.isWellFormed() && !shown.includes("\\ud83e")).toBe(true);
	});

	test("needs the channel's id", async () => {
		for (const address of ["", "#general", "general", "12345"])
			await expect(connection.send(ask({ address }), signal())).rejects.toMatchObject({
				kind: "rejected",
				remedy: expect.stringContaining("Copy Channel ID"),
			});
		expect(double.calls).toEqual([]);
	});
});

describe("other messages", () => {
	test("a reply quotes its question, and stands alone once that is gone", async () => {
		const { receipt } = await connection.send(ask(), signal());
		await connection.send(ask({ thread: receipt }, replyContent), signal());
		const elsewhere = { platformId: "1", data: { channel: "1160000000000000021", message: "1" } };
		await connection.send(ask({ thread: elsewhere }, replyContent), signal());
		expect(double.messages()[1]).toMatchObject({
			content: expect.stringContaining("**Ada replied**"),
			message_reference: { message_id: receipt.platformId, fail_if_not_exists: false },
		});
		expect(double.messages()[2]).not.toHaveProperty("message_reference");
	});

	test("a decision has a button for each option, and one for a comment", async () => {
		const message = ask({}, decisionContent);
		await connection.send(message, signal());
		expect(double.messages()[0]?.components).toMatchObject([
			{
				components: [
					{ label: "Ship it", custom_id: `ap:decide:${message.key}:approve` },
					{ label: "Not yet", custom_id: `ap:decide:${message.key}:reject` },
				],
			},
			{ components: [{ label: "With a comment…" }, { label: "Open in AgentPlanner" }] },
		]);
	});

	test("ten options, as long as they may be, are a list", async () => {
		const options = Array.from({ length: 10 }, (_, number) => ({ id: `${number}${long(39)}`, label: `${number}${long(79)}` }));
		await connection.send(ask({}, { ...decisionContent, options }), signal());
		await connection.send(ask({}, { ...decisionContent, details: long(9_000), options: options.slice(0, 5) }), signal());
		expect(double.messages()[0]?.components[0]?.components).toMatchObject([{ type: 3, options: options.map(({ id }) => ({ value: id })) }]);
		expect(double.messages()[1]?.components[0]?.components).toHaveLength(5);
	});

	test("a message to one person goes into the conversation with them, and is found there", async () => {
		const message = ask({ address: `@${person.id}` });
		const { receipt } = await connection.send(message, signal());
		const { channel: conversation } = receipt.data as { channel: string };
		expect(double.messages(conversation)).toHaveLength(1);
		expect(await connection.find?.(message, new Date(), signal())).toEqual({ state: "found", receipt });
		await connection.send(ask({ address: `@${person.id}`, thread: receipt }, replyContent), signal());
		expect(double.messages(conversation)[1]).toMatchObject({ message_reference: { message_id: receipt.platformId } });
		expect(await connection.check([`@${person.id}`], signal())).toEqual([]);
	});

	test("outcomes and texts are shown, events are not taken", async () => {
		await connection.send(ask({}, decisionOutcomeContent), signal());
		await connection.send(ask({}, textContent), signal());
		expect(double.messages()[0]?.content).toContain("**Decided: Ship it**, by Ada");
		expect(double.messages()[1]?.embeds).toMatchObject([{ description: "The fair is on Friday." }]);
		await expect(connection.send(ask({}, eventContent), signal())).rejects.toMatchObject({ kind: "rejected" });
	});

	test("what Discord can't read is posted without its link, else as plain text, and a person is told; its buttons stay", async () => {
		const unreadable = { kind: "status", status: 400, body: '{"code":50035,"message":"Invalid Form Body"}' } as const;
		const message = ask();
		double.next(unreadable);
		expect((await connection.send(message, signal())).note).toContain("PUBLIC_URL");
		double.next(unreadable, unreadable);
		expect((await connection.send(ask(), signal())).note).toContain("as plain text");
		const components = [{ components: [{ label: "Reply…" }] }];
		expect(double.messages()).toMatchObject([
			{ embeds: [{ description: "Which markets first?" }], components },
			{ embeds: [], content: expect.stringContaining("Which markets first?"), components },
		]);
		double.next(unreadable);
		const closing: Closing = { status: "expired", summary: "The deadline has passed.", answer: null };
		await connection.update?.({ platformId: null, data: receiptOf(double.messages()[0]?.id).data }, message, closing, signal());
		expect(double.messages()[0]).toMatchObject({ content: expect.stringContaining("Expired"), components: [] });
		double.next(unreadable, unreadable, unreadable);
		await expect(connection.send(ask(), signal())).rejects.toMatchObject({ kind: "rejected" });
	});
});

describe("once its story has ended", () => {
	const close = async (closing: Closing, content = buildMessage().content) => {
		const message = ask({}, content);
		const { receipt } = await connection.send(message, signal());
		await connection.update?.(receipt, message, closing, signal());
		return { message, receipt, shown: JSON.stringify(double.messages()[0]) };
	};
	const option = { id: "approve", label: "Ship it" };

	test.each([
		[
			{ status: "completed", summary: "Answered.", answer: { from: "Grace *3", text: "Spain\n@here" } },
			["Answered by Grace \\\\*3", "> Spain\\n> \\\\@here"],
		],
		[{ status: "cancelled", summary: "The request was cancelled.", answer: null }, ["Cancelled", "The request was cancelled."]],
		[
			{ status: "decided", summary: "Decided by Ada via the web: Ship it.", answer: null, option },
			["Decided", "by Ada via the web: Ship it"],
		],
	] satisfies [Closing, string[]][])("the message says so and has nothing to press but the link: $status", async (closing, words) => {
		const { shown, message } = await close(closing, closing.status === "decided" ? decisionContent : undefined);
		for (const word of words) expect(shown).toContain(word);
		expect(shown).not.toContain("custom_id");
		expect(shown).toContain(message.link);
	});

	test("a long answer is cut", async () => {
		const { shown } = await close({ status: "completed", summary: "", answer: { from: "G".repeat(500), text: "\n".repeat(3_000) } });
		expect(shown).toContain("… [");
		expect(double.defects).toEqual([]);
	});

	test("a message that was deleted meanwhile is no trouble worth repeating", async () => {
		const message = ask();
		const { receipt } = await connection.send(message, signal());
		double.messages().length = 0;
		const closing: Closing = { status: "cancelled", summary: "Cancelled.", answer: null };
		await expect(connection.update?.(receipt, message, closing, signal())).rejects.toMatchObject({ kind: "rejected" });
	});
});

describe("an attempt whose end nobody heard", () => {
	const since = new Date();

	test("is found by the delivery's mark, also once it is closed, and by our bot alone", async () => {
		const message = ask();
		double.next({ kind: "cut" });
		await expect(connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		const [posted] = double.messages();
		const receipt = receiptOf(posted?.id) as { platformId: string };
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "found", receipt });
		await connection.update?.(receipt, message, { status: "expired", summary: "", answer: null }, signal());
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		expect(await connection.find?.(ask(), since, signal())).toEqual({ state: "absent" });
		Object.assign(posted ?? {}, { author: { id: "1160000000000000099", username: "stranger" } });
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "absent" });
	});

	test("is found as plain text, too", async () => {
		const message = ask({}, { ...textContent, text: long(5_000) });
		const unreadable = { kind: "status", status: 400, body: '{"code":50035,"message":"Invalid Form Body"}' } as const;
		double.next(unreadable, unreadable, { kind: "cut" });
		await expect(connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		expect(double.messages()[0]?.embeds).toEqual([]);
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
	});

	test("is found behind pages of talk; behind too much of it nobody can tell", async () => {
		const message = ask();
		const talk = (count: number) => {
			for (let each = 0; each < count; each += 1) double.say("talk");
		};
		talk(350);
		await connection.send(message, signal());
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		double.messages().pop();
		talk(800);
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "unclear" });
		expect(await connection.find?.(message, new Date(Date.now() + 3_600_000), signal())).toEqual({ state: "absent" });
	});

	test("sent again within minutes, is the same message; later it is another one", async () => {
		const message = ask();
		const { receipt } = await connection.send(message, signal());
		expect((await connection.send(message, signal())).receipt).toEqual(receipt);
		double.wait(200_000);
		expect((await connection.send(message, signal())).receipt).not.toEqual(receipt);
	});

	test("1,000 sends over a wire that breaks before or after the post: none lost, none twice", async () => {
		const channels = Array.from({ length: 50 }, (_, number) => `11600000000000001${String(number).padStart(2, "0")}`);
		for (const id of channels) double.addChannel(id);
		const messages = Array.from({ length: 1_000 }, (_, number) => ask({ address: channels[number % 50] ?? "" }));
		const known = new Set<string | null>();
		// As the worker does it: after an unclear end look, and send again only what is not there.
		const deliver = async (message: OutboundMessage, number: number) => {
			double.next({ kind: number % 3 === 0 ? "drop" : "cut" });
			await expect(connection.send(message, signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
			double.wait(200_000);
			const found = await connection.find?.(message, since, signal());
			const receipt = found?.state === "found" ? found.receipt : (await connection.send(message, signal())).receipt;
			known.add(receipt.platformId);
		};
		for (const [number, message] of messages.entries()) await deliver(message, number);
		const stored = channels.flatMap((id) => double.messages(id));
		const replies = stored.map(({ components }) => components[0]?.components[0]?.custom_id);
		expect(stored).toHaveLength(1_000);
		expect(new Set(replies)).toEqual(new Set(messages.map(({ key }) => `ap:reply:${key}`)));
		expect(new Set(stored.map(({ id }) => id))).toEqual(known);
	}, 120_000);
});

describe("what Discord says", () => {
	const failure = (body: object | string, status: number, headers = {}) => {
		double.behave({ kind: "status", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) });
		return expect(connection.send(ask(), signal())).rejects;
	};
	const html = { "content-type": "text/html" };

	test("429 waits as long as it says, or a minute where its shield says nothing", async () => {
		await failure({ retry_after: 1.337, global: true }, 429, { "retry-after": "2" }).toMatchObject({ retryAfterMs: 1_337 });
		await failure("", 429, { "retry-after": "7" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
		await failure({ retry_after: 0 }, 429).toMatchObject({ retryAfterMs: 1_000 });
		await failure("<html>1015</html>", 429, html).toMatchObject({ kind: "rate_limited", retryAfterMs: 60_000, mayHaveBeenAccepted: false });
		await failure({ code: 20_016, message: "slow", retry_after: 4 }, 400).toMatchObject({ kind: "rate_limited", retryAfterMs: 4_000 });
	});

	test.each([
		[401, 0, "unauthorized", "Reset Token"],
		[403, 50_001, "rejected", "View Channel"],
		[403, 50_013, "rejected", "Test now"],
		[404, 10_003, "rejected", "channel id"],
		[400, 200_000, "rejected", "AutoMod"],
		[400, 999_999, "rejected", "response below"],
	])("%i with code %i: %s", (status, code, kind, remedy) =>
		failure({ code, message: "No" }, status).toMatchObject({ kind, remedy: expect.stringContaining(remedy) }),
	);

	test("a token that was refused once is tried again, once it is right", async () => {
		double.next({ kind: "status", status: 401, body: '{"code":0,"message":"401: Unauthorized"}' });
		await expect(connection.send(ask(), signal())).rejects.toMatchObject({ kind: "unauthorized" });
		expect(await connection.send(ask(), signal())).toMatchObject({ receipt: { platformId: expect.any(String) } });
	});

	test("a call that hangs ends with its attempt, and may have been heard", async () => {
		double.behave({ kind: "hang" });
		await expect(connection.send(ask(), AbortSignal.timeout(200))).rejects.toMatchObject({
			kind: "unavailable",
			mayHaveBeenAccepted: true,
		});
	});

	test("one call is one call: nothing is retried behind our back", async () => {
		for (const fault of [{ kind: "cut" } as const, { kind: "status", status: 500 } as const, { kind: "status", status: 429 } as const]) {
			double.received.length = 0;
			double.behave(fault);
			await expect(connection.send(ask(), signal())).rejects.toThrow();
			expect(double.received).toHaveLength(1);
		}
	});

	test("no address, no call: nothing was sent", async () => {
		const gone = await startDiscordDouble();
		await gone.close();
		const away = await connect(gone.url);
		await expect(away.send(ask(), signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	});
});

describe("a word into one person's ear", () => {
	test("is heard by them alone, with a link; not before Discord was answered", async () => {
		await connection.send(ask({}, decisionContent), signal());
		const press = double.press(double.messages()[0], "decide");
		const ear = { application_id: applicationId, token: press.token };
		await expect(connection.tell?.(ear, { text: "Too late." }, signal())).rejects.toMatchObject({ kind: "rejected" });
		double.hear(press.token, { type: 6 });
		await connection.tell?.(
			ear,
			{ text: "Link your account first.", link: { label: "Link it", url: "https://planner.example.com/l" } },
			signal(),
		);
		expect(double.presses.told(press.token).followUps).toMatchObject([
			{
				flags: 64,
				content: "Link your account first.",
				components: [{ components: [{ style: 5, url: "https://planner.example.com/l" }] }],
			},
		]);
	});

	test("of somebody who wrote is heard in the conversation with the bot", async () => {
		await connection.tell?.({ person: person.id }, { text: "It was answered already." }, signal());
		expect(double.messages(world.conversation)).toMatchObject([{ content: "It was answered already." }]);
	});

	test("no failure shows the press's token", async () => {
		double.behave({ kind: "status", status: 500 });
		const error = await connection
			.tell?.({ application_id: applicationId, token: "secret-of-a-press" }, { text: "x" }, signal())
			.catch((e) => e);
		expect(JSON.stringify(error.exchange)).toContain("/webhooks/");
		expect(JSON.stringify(error.exchange)).not.toContain("secret-of-a-press");
	});
});

describe("the check", () => {
	test("names what is not as in the Developer Portal, and only a wrong application holds messages back", async () => {
		const found = async (configured: object, changes: object = {}) => {
			double.configure({ ...configured });
			const problems = await (await connect(double.url, changes)).check([], signal());
			expect(problems.length).toBeLessThan(2);
			return problems[0];
		};
		expect(await found({})).toBeUndefined();
		expect(await found({ id: "1160000000000000099" })).toMatchObject({ kind: "unauthorized" });
		expect(await found({ verify_key: long(64) })).toMatchObject({ problem: expect.stringContaining("public key") });
		expect((await found({ interactions_endpoint_url: null }))?.remedy).toContain("Interactions Endpoint URL");
		expect(await found({ interactions_endpoint_url: null }, { gateway: "mentions" })).toBeUndefined();
		expect((await found({}, { gateway: "all" }))?.remedy).toContain("Message Content Intent");
		expect(await found({ flags: 1 << 19 }, { gateway: "all" })).toBeUndefined();
	});

	test("names each channel that routes lead to and that it can't work in", async () => {
		const [voice, locked, closed] = ["1160000000000000021", "1160000000000000022", "1160000000000000023"];
		double.addChannel(voice, { type: 4 });
		double.addChannel(locked, { type: 11, parent_id: channel, thread_metadata: { archived: true, locked: true } });
		const deny = String(PermissionFlagsBits.EmbedLinks | PermissionFlagsBits.ReadMessageHistory);
		double.addChannel(closed, { permission_overwrites: [{ id: world.guild, type: 0, allow: "0", deny }] });
		const problems = await connection.check([channel, voice, locked, closed, "1160000000000000024", "#general", ""], signal());
		expect(problems.map(({ problem }) => problem)).toEqual([
			`The channel ${voice} takes no messages.`,
			`The thread ${locked} is locked.`,
			expect.stringContaining(`In the channel ${closed} the bot lacks permissions: Embed Links to show questions, Read Message History`),
			expect.stringContaining("Channel 1160000000000000024: "),
			expect.stringContaining("#general"),
			"The route names no channel.",
		]);
		for (const { kind } of problems) expect(kind).not.toBe("unauthorized");
	});

	test("knows what a role gives, a channel takes away, and an owner gives back", async () => {
		const id = "1160000000000000025";
		const send = PermissionFlagsBits.SendMessages;
		const overwrite = (of: string, change: { allow?: bigint; deny?: bigint }) => ({
			...{ id: of, type: 0, allow: String(change.allow ?? 0), deny: String(change.deny ?? 0) },
		});
		const withOverwrites = async (...permission_overwrites: ReturnType<typeof overwrite>[]) => {
			double.addChannel(id, { permission_overwrites });
			return (await connection.check([id], signal())).length;
		};
		expect(await withOverwrites(overwrite(world.guild, { deny: send }))).toBe(1);
		expect(await withOverwrites(overwrite(world.guild, { deny: send }), overwrite(world.botRole, { allow: send }))).toBe(0);
		expect(await withOverwrites(overwrite(world.botRole, { allow: send }), overwrite(world.botId, { deny: send }))).toBe(1);
		double.grant(PermissionFlagsBits.Administrator | installPermissions);
		expect(await withOverwrites(overwrite(world.botId, { deny: send }))).toBe(0);
		double.grant(0n);
		expect((await connection.check([id], signal()))[0]?.problem).toContain("can't see this channel");
	});

	test("of a wrong token is one problem", async () => {
		const wrong = await connect(double.url, {}, `MTE2${token.slice(4).toUpperCase()}`);
		expect(await wrong.check([channel], signal())).toMatchObject([{ kind: "unauthorized" }]);
	});
});

test("the guide's install link asks for what the check looks for", () => {
	const guide = readFileSync(new URL("../../../docs/discord.md", import.meta.url), "utf8");
	expect(guide).toContain(`\n${installUrl("APPLICATION_ID")}\n`);
});

test("settings and secrets that can't be right are refused with what to enter", () => {
	const good = (fields: object) => discord.settings.safeParse({ ...settings, ...fields }).success;
	expect(good({ allowed_bots: "1160000000000000099, 1160000000000000098", gateway: "all" })).toBe(true);
	for (const wrong of [
		...[{ application_id: "planner" }, { public_key: "abc" }, { gateway: "yes" }, { allowed_bots: "helper" }],
		...[{ api_url: "ftp://discord" }, { guild: "x" }],
	])
		expect(good(wrong)).toBe(false);
	for (const [bot_token, isGood] of [[token, true] as const, ["xoxb-1234567890-slack", false] as const, [`Bot ${token}`, false] as const])
		expect(discord.secrets.safeParse({ bot_token }).success).toBe(isGood);
});
