import type { Closing, MessageContent, Received } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { decisionContent } from "../../fixtures/messages.ts";
import { slack as adapter } from "../../src/slack/index.ts";
import { ask, long, signal, useSlack } from "./harness.ts";
import { postOfInteraction, type SlackPost } from "./posts.ts";
import { people, workspace } from "./workspace.ts";

const { appId, channel, token, signingSecret } = workspace;
const slack = useSlack();

type Decision = Extract<MessageContent, { kind: "decision" }>;
const optionsOf = (count: number): Decision["options"] =>
	Array.from({ length: count }, (_, number) => ({ id: `o${number}`, label: `Option ${number}` }));

const post = async (overrides: Partial<Decision> = {}) => {
	const message = ask({}, { ...decisionContent, ...overrides });
	const { receipt, note } = await slack.connection.send(message, signal());
	expect(note).toBeUndefined();
	const posted = slack.double.messages().at(-1);
	return { message, receipt, posted, shown: () => JSON.stringify(posted) };
};

/** What the adapter makes of what Slack tells us. */
const read = ({ body, headers }: SlackPost) => {
	const request = { method: "POST", headers, rawBody: Buffer.from(body) };
	const config = { settings: { app_id: appId }, secrets: { bot_token: token, signing_secret: signingSecret } };
	adapter.verify?.(request, config, new Date());
	return adapter.parse?.(request, config) ?? { inbound: [] };
};

const earOf = (heard: Received | undefined) => (heard && "ear" in heard && heard.ear) || {};

describe("a decision in a channel", () => {
	test("says who asks what of which task, until when, with a button for each option, a comment and the page", async () => {
		const { message, posted, shown } = await post({ details: "The fair is on Friday.", expires_at: "2026-08-08T10:00:00.000Z" });
		for (const words of ["Go to market", "Choose markets", "asked by Ada", "decide by <!date^", "Ship?", "The fair is on Friday."])
			expect(shown()).toContain(words);
		expect(posted?.blocks?.filter(({ type }) => type === "actions")).toMatchObject([
			{
				elements: [
					{ type: "button", style: "primary", text: { text: "Ship it" }, value: message.key },
					{ type: "button", style: "danger", text: { text: "Not yet" }, confirm: { style: "danger" } },
				],
			},
			{ elements: [{ text: { text: "With a comment…" } }, { url: message.link }] },
		]);
	});

	test("says what waits for it, and which option its asker recommends", async () => {
		const blocking = await post({ urgency: "blocking" });
		expect(blocking.posted?.text).toBe("Decision needed: its task is blocked: Ship?");
		expect(blocking.shown()).toContain("*Recommended*\\nShip it\\nThe links are checked.");
		const informational = await post({ urgency: "informational", recommendation: null });
		expect(informational.posted?.text).toBe("For your information: Ship?");
		for (const words of ["Nobody has to decide"]) expect(informational.shown()).toContain(words);
		expect(informational.shown()).not.toContain("Recommended");
	});

	test("of up to five options has buttons; of more a list that asks once more", async () => {
		const elements = async (count: number) => {
			const { posted } = await post({ options: optionsOf(count) });
			return posted?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements.map(({ type }) => type) : []));
		};
		expect(await elements(5)).toEqual(Array(7).fill("button"));
		expect(await elements(6)).toEqual(["static_select", "button", "button"]);
		expect((await post({ options: optionsOf(10) })).shown()).toContain('"confirm"');
	});

	test("fits into Slack's limits, and shows in full what its buttons can't", async () => {
		const options = Array.from({ length: 10 }, (_, number) => ({ id: `${number}${"i".repeat(39)}`, label: `${number}${long(79)}` }));
		for (const count of [5, 10]) {
			const { shown } = await post({ question: "&".repeat(5_000), details: "🧪".repeat(5_000), options: options.slice(0, count) });
			for (const { label } of options.slice(0, count)) expect(shown()).toContain(`• ${label}`);
		}
		expect((await post()).shown()).not.toContain("•");
	});

	test("of ten options that all have to be escaped is posted with its layout", async () => {
		const options = optionsOf(10).map(({ id }, number) => ({ id, label: `${number}${"&".repeat(79)}` }));
		const { shown } = await post({ options });
		expect(shown().match(/• \d&amp;/g)).toHaveLength(10);
	});

	test("pings nobody and links nowhere, whatever its options say", async () => {
		const hostile = "<!channel> <https://evil.example|ok>";
		const { posted } = await post({
			question: hostile,
			details: hostile,
			options: [...optionsOf(1), { id: "x", label: hostile + long(40) }],
		});
		const marked = JSON.stringify(posted?.blocks?.filter(({ type }) => type === "section" || type === "context"));
		expect(marked.match(/<(?!!date\^)/g)).toBeNull();
	});
});

describe("deciding", () => {
	test("by a button or from the list tells who, what and where, the same again when Slack says it again", async () => {
		for (const count of [2, 6]) {
			const { message, posted } = await post({ options: optionsOf(count) });
			const pressed = slack.double.decide(posted, "o1");
			const heard = read(pressed).inbound;
			expect(heard).toMatchObject([
				{ type: "decision", deliveryId: message.key, option: "o1", comment: "", person: people.ada, ear: { channel, user: people.ada.id } },
			]);
			expect(read(pressed).inbound).toEqual(heard);
			expect(read(slack.double.decide(posted, "o1")).inbound[0]?.externalId).not.toBe(heard[0]?.externalId);
		}
	});

	test.each([2, 10])("with a comment is done in a modal that offers the same %i options", async (count) => {
		const { message, posted } = await post({ options: optionsOf(count) });
		const { inbound, now } = read(slack.double.click(posted, "agentplanner_comment", people.grace));
		expect(inbound).toEqual([]);
		if (!now) throw new Error("No modal is to be opened.");
		await slack.connection.callNow?.(now, signal());
		expect(() => slack.double.submit({ option: "nowhere", comment: "" })).toThrow("not offered");
		const sent = read(slack.double.submit({ option: "o0", comment: "On Monday." }, people.grace));
		expect(sent).toMatchObject({
			inbound: [
				{ deliveryId: message.key, option: "o0", comment: "On Monday.", person: people.grace, ear: { channel, user: people.grace.id } },
			],
			reply: { body: { response_action: "clear" } },
		});
		const errorsOf = (fields: Record<string, string>) => read(slack.double.submit(fields)).reply?.body;
		expect(errorsOf({ comment: "Why not." })).toEqual({ response_action: "errors", errors: { option: "Choose one." } });
		expect(errorsOf({ option: "o0", comment: " \n" })).toEqual({ response_action: "errors", errors: { comment: "Write a comment." } });
	});

	test.each([2, 6])("for changes opens the form, since it needs words: among %i options", async (count) => {
		const { message, posted } = await post({ options: [...optionsOf(count), { id: "revise", label: "Needs changes" }] });
		const { inbound, now } = read(slack.double.decide(posted, "revise", people.grace));
		expect(inbound).toEqual([]);
		if (!now) throw new Error("No modal is to be opened.");
		expect(JSON.stringify(now.arguments)).toContain(
			'"initial_option":{"text":{"type":"plain_text","text":"Needs changes"},"value":"revise"}',
		);
		await slack.connection.callNow?.(now, signal());
		const sent = read(slack.double.submit({ option: "revise", comment: "Shorter." }, people.grace));
		expect(sent.inbound).toMatchObject([{ deliveryId: message.key, option: "revise", comment: "Shorter.", person: people.grace }]);
	});

	test("a form that opens too late asks to press again; one that is open already is no error", async () => {
		const { posted } = await post();
		const { now } = read(slack.double.click(posted, "agentplanner_comment"));
		if (!now) throw new Error("No modal is to be opened.");
		slack.double.letTriggersExpire();
		await slack.connection.callNow?.(now, signal());
		expect(slack.double.whispers).toMatchObject([
			{ channel, user: people.ada.id, text: expect.stringContaining("Press the button again") },
		]);
		await slack.connection.callNow?.(now, signal());
		expect(slack.double.views).toEqual([]);
	});

	test("pressing for a comment under what has ended meanwhile says so to whoever pressed", async () => {
		const { message, posted, receipt } = await post();
		const stale = slack.double.click(posted, "agentplanner_comment");
		await slack.connection.update?.(receipt, message, { status: "cancelled", summary: "Cancelled by Ada.", answer: null }, signal());
		const { now } = read(postOfInteraction({ ...(stale.payload as object), message: posted }));
		if (!now) throw new Error("Nothing is said.");
		await slack.connection.callNow?.(now, signal());
		expect(slack.double.whispers).toMatchObject([{ text: expect.stringContaining("has ended"), user: people.ada.id }]);
	});
});

describe("a whisper", () => {
	test("is seen by one person where they are, and can hold a link", async () => {
		const { posted } = await post();
		const [pressed] = read(slack.double.decide(posted, "reject", people.grace)).inbound;
		const link = { label: "Link your account", url: "https://planner.example.com/link" };
		await slack.connection.tell?.(earOf(pressed), { text: "Who are <you>?", link }, signal());
		expect(slack.double.whispers).toMatchObject([
			{
				channel,
				user: people.grace.id,
				text: "Who are &lt;you&gt;?",
				blocks: [{}, { elements: [{ url: link.url }] }],
			},
		]);
		const [reply] = read(slack.double.reply(posted?.ts ?? "", "Why?")).inbound;
		await slack.connection.tell?.(earOf(reply), { text: "Too late." }, signal());
		expect(slack.double.whispers.at(-1)).toMatchObject({ user: people.ada.id, thread_ts: posted?.ts });
		expect(slack.double.messages()).toHaveLength(2);
	});

	test("to somebody who has left the channel is refused for good", () =>
		expect(slack.connection.tell?.({ channel, user: "U0STRANGER" }, { text: "Hello" }, signal())).rejects.toMatchObject({
			kind: "rejected",
			message: expect.stringContaining("user_not_in_channel"),
		}));
});

describe("once it has ended", () => {
	const at = "2026-08-02T08:30:00.000Z";
	test.each([
		[
			{ status: "decided", summary: "Decided by Grace <3 via Slack: Ship it.", answer: null, at, comment: "On Monday,\nnot <now>." },
			["Decided", "Decided by Grace &lt;3 via Slack: Ship it.", "<!date^1785659400^", "> On Monday,\\n> not &lt;now&gt;."],
		],
		[{ status: "expired", summary: "Nobody decided before its deadline.", answer: null, at, comment: "" }, ["Expired", "Nobody decided"]],
		[{ status: "cancelled", summary: "Cancelled by Ada.", answer: null, at, comment: "" }, ["Cancelled", "Cancelled by Ada."]],
		[{ status: "pending", summary: "It ends by its rule now.", answer: null, at: null }, ["Closed", "by its rule"]],
	] satisfies [Closing, string[]][])(
		"the same message says how, and has nothing to press but its link: $status",
		async (closing, words) => {
			const { message, receipt, posted, shown } = await post();
			const before = posted?.blocks?.map(({ block_id }) => block_id) ?? [];
			await slack.connection.update?.(receipt, message, closing, signal());
			expect(slack.double.messages()).toHaveLength(1);
			for (const word of ["Ship?", "Go to market", ...words]) expect(shown()).toContain(word);
			expect(posted?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements : []))).toMatchObject([{ url: message.link }]);
			for (const { block_id } of posted?.blocks ?? []) expect(before).not.toContain(block_id);
		},
	);
});
