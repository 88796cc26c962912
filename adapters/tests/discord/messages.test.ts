import type { Closing } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import {
	decisionContent,
	decisionOutcomeContent,
	eventContent,
	nudgeContent,
	replyContent,
	requestContent,
	textContent,
} from "../../fixtures/messages.ts";
import { ask, long, receiptOf, signal, unreadable, useDiscord } from "./harness.ts";
import { person } from "./world.ts";

const discord = useDiscord();

describe("a question in a channel", () => {
	test("says who asks what of which task, until when, and has a button to answer", async () => {
		const message = ask();
		const { receipt } = await discord.connection.send(message, signal());
		const [posted] = discord.double.messages();
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
		expect(JSON.stringify(discord.double.calls)).not.toContain(message.reply?.token);
	});

	test("pings nobody, heads nothing and links nowhere but where it says, whatever it says", async () => {
		const hostile = "# Loud\n<@1160000000000000030> @everyone [our wiki](https://evil.example/a_b) **bold** ||hidden||\n> quoted\n1. one";
		const content = structuredClone(requestContent);
		content.question = hostile;
		content.asked_by = hostile;
		content.agent = { id: content.agent_request_id, name: hostile };
		content.context.plan.title = hostile;
		content.context.node.agent_instructions = hostile;
		await discord.connection.send(ask({}, content), signal());
		const [posted] = discord.double.messages();
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
		const { note } = await discord.connection.send(ask({}, content), signal());
		expect(note).toBeUndefined();
		const shown = JSON.stringify(discord.double.messages()[0]?.embeds);
		expect(shown.match(/\[more in AgentPlanner\]/g)).toHaveLength(3);
		expect(discord.double.messages()[0]?.embeds[0]?.description).toMatch(/^(\\\*)+… \[more/);
		expect(shown.isWellFormed() && !shown.includes("\\ud83e")).toBe(true);
	});

	test("needs the channel's id", async () => {
		for (const address of ["", "#general", "general", "12345"])
			await expect(discord.connection.send(ask({ address }), signal())).rejects.toMatchObject({
				kind: "rejected",
				remedy: expect.stringContaining("Copy Channel ID"),
			});
		expect(discord.double.calls).toEqual([]);
	});
});

describe("other messages", () => {
	test("a reply quotes its question, and stands alone once that is gone", async () => {
		const { receipt } = await discord.connection.send(ask(), signal());
		await discord.connection.send(ask({ thread: receipt }, replyContent), signal());
		const elsewhere = { platformId: "1", data: { channel: "1160000000000000021", message: "1" } };
		await discord.connection.send(ask({ thread: elsewhere }, replyContent), signal());
		expect(discord.double.messages()[1]).toMatchObject({
			content: expect.stringContaining("**Ada replied**"),
			message_reference: { message_id: receipt.platformId, fail_if_not_exists: false },
		});
		expect(discord.double.messages()[2]).not.toHaveProperty("message_reference");
	});

	test("a reminder quotes its question, and has the button to answer", async () => {
		const { receipt } = await discord.connection.send(ask(), signal());
		await discord.connection.send(ask({ thread: receipt }, nudgeContent), signal());
		expect(discord.double.messages()[1]).toMatchObject({
			content: expect.stringContaining("**Reminder for Researcher: Ada still waits for an answer**"),
			embeds: [{ description: "> Which markets first?" }],
			components: [{ components: [{ label: "Reply…" }, { label: "Open in AgentPlanner" }] }],
			message_reference: { message_id: receipt.platformId },
		});
	});

	test("a decision has a button for each option, and one for a comment", async () => {
		const message = ask({}, decisionContent);
		await discord.connection.send(message, signal());
		expect(discord.double.messages()[0]?.components).toMatchObject([
			{
				components: [
					{ label: "Ship it", custom_id: `ap:decide:${message.key}:approve` },
					{ label: "Not yet", custom_id: `ap:decide:${message.key}:reject` },
				],
			},
			{ components: [{ label: "With a comment…" }, { label: "Open in AgentPlanner" }] },
		]);
	});

	test("a decision says what waits for it, and which option its asker recommends", async () => {
		const shown = async (urgency: (typeof decisionContent)["urgency"]) => {
			await discord.connection.send(ask({}, { ...decisionContent, urgency }), signal());
			return discord.double.messages().at(-1);
		};
		expect(await shown("blocking")).toMatchObject({
			content: expect.stringContaining("**Decision needed: its task is blocked**"),
			embeds: [{ fields: expect.arrayContaining([{ name: "Recommended", value: "Ship it\nThe links are checked." }]) }],
		});
		expect((await shown("can_continue"))?.content).toContain("**Decision needed** ·");
		const informational = await shown("informational");
		expect(informational?.content).toContain("**For your information**");
		expect(informational?.embeds[0]?.footer?.text).toContain("Nobody has to decide");
	});

	test("an outcome that nobody waits to go on with has nothing to press but its link", async () => {
		await discord.connection.send(ask({ reply: null }, { ...decisionOutcomeContent, agent_request_id: null }), signal());
		expect(discord.double.messages()[0]?.components).toMatchObject([{ components: [{ label: "Open in AgentPlanner" }] }]);
	});

	test("ten options, as long as they may be, are a list", async () => {
		const options = Array.from({ length: 10 }, (_, number) => ({ id: `${number}${long(39)}`, label: `${number}${long(79)}` }));
		await discord.connection.send(ask({}, { ...decisionContent, options }), signal());
		await discord.connection.send(ask({}, { ...decisionContent, details: long(9_000), options: options.slice(0, 5) }), signal());
		expect(discord.double.messages()[0]?.components[0]?.components).toMatchObject([
			{ type: 3, options: options.map(({ id }) => ({ value: id })) },
		]);
		expect(discord.double.messages()[1]?.components[0]?.components).toHaveLength(5);
	});

	test("a message to one person goes into the conversation with them, and is found there", async () => {
		const message = ask({ address: `@${person.id}` });
		const { receipt } = await discord.connection.send(message, signal());
		const { channel: conversation } = receipt.data as { channel: string };
		expect(discord.double.messages(conversation)).toHaveLength(1);
		expect(await discord.connection.find?.(message, new Date(), signal())).toEqual({ state: "found", receipt });
		await discord.connection.send(ask({ address: `@${person.id}`, thread: receipt }, replyContent), signal());
		expect(discord.double.messages(conversation)[1]).toMatchObject({ message_reference: { message_id: receipt.platformId } });
		expect(await discord.connection.check([`@${person.id}`], signal())).toEqual([]);
	});

	test("outcomes and texts are shown, events are not taken", async () => {
		await discord.connection.send(ask({}, decisionOutcomeContent), signal());
		await discord.connection.send(ask({}, textContent), signal());
		expect(discord.double.messages()[0]?.content).toContain("**Ship it**, by Ada");
		expect(discord.double.messages()[1]?.embeds).toMatchObject([{ description: "The fair is on Friday." }]);
		await expect(discord.connection.send(ask({}, eventContent), signal())).rejects.toMatchObject({ kind: "rejected" });
	});

	test("what Discord can't read is posted without its link, else as plain text, and a person is told; its buttons stay", async () => {
		const message = ask();
		discord.double.next(unreadable);
		expect((await discord.connection.send(message, signal())).note).toContain("PUBLIC_URL");
		discord.double.next(unreadable, unreadable);
		expect((await discord.connection.send(ask(), signal())).note).toContain("as plain text");
		const components = [{ components: [{ label: "Reply…" }] }];
		expect(discord.double.messages()).toMatchObject([
			{ embeds: [{ description: "Which markets first?" }], components },
			{ embeds: [], content: expect.stringContaining("Which markets first?"), components },
		]);
		discord.double.next(unreadable);
		const closing: Closing = { status: "expired", summary: "The deadline has passed.", answer: null };
		await discord.connection.update?.(
			{ platformId: null, data: receiptOf(discord.double.messages()[0]?.id).data },
			message,
			closing,
			signal(),
		);
		expect(discord.double.messages()[0]).toMatchObject({ content: expect.stringContaining("Expired"), components: [] });
		discord.double.next(unreadable, unreadable, unreadable);
		await expect(discord.connection.send(ask(), signal())).rejects.toMatchObject({ kind: "rejected" });
	});
});
