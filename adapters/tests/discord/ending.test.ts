import type { Closing } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { buildMessage, decisionContent } from "../../fixtures/messages.ts";
import { ask, signal, useDiscord } from "./harness.ts";

const discord = useDiscord();

describe("once its story has ended", () => {
	const close = async (closing: Closing, content = buildMessage().content) => {
		const message = ask({}, content);
		const { receipt } = await discord.connection.send(message, signal());
		await discord.connection.update?.(receipt, message, closing, signal());
		return { message, receipt, shown: JSON.stringify(discord.double.messages()[0]) };
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
		expect(discord.double.defects).toEqual([]);
	});

	test("a message that was deleted meanwhile is no trouble worth repeating", async () => {
		const message = ask();
		const { receipt } = await discord.connection.send(message, signal());
		discord.double.messages().length = 0;
		const closing: Closing = { status: "cancelled", summary: "Cancelled.", answer: null };
		await expect(discord.connection.update?.(receipt, message, closing, signal())).rejects.toMatchObject({ kind: "rejected" });
	});
});
