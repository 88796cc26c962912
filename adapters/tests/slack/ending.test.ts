import type { Closing } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { ask, signal, useSlack } from "./harness.ts";

const slack = useSlack();

describe("once its story has ended", () => {
	const close = async (closing: Closing) => {
		const message = ask();
		const { receipt } = await slack.connection.send(message, signal());
		await slack.connection.update?.(receipt, message, closing, signal());
		return { message, receipt, shown: JSON.stringify(slack.double.messages()[0]) };
	};

	test.each([
		[
			{ status: "completed", summary: "Answered.", answer: { from: "Grace <3", text: "Spain\n& France" } },
			["Answered", "Grace &lt;3", "> Spain\\n> &amp; France"],
		],
		[{ status: "cancelled", summary: "The request was cancelled.", answer: null }, ["Cancelled", "The request was cancelled."]],
		[{ status: "expired", summary: "The deadline has passed.", answer: null }, ["Expired", "The deadline has passed."]],
	] satisfies [Closing, string[]][])("the message says so and has no Reply button: $status", async (closing, words) => {
		const { shown, message } = await close(closing);
		for (const word of words) expect(shown).toContain(word);
		expect(shown).not.toContain("agentplanner_reply");
		expect(shown).toContain(message.link);
		expect(shown).toContain(message.key);
	});

	test("who is known by an id alone is shown by Slack's own name", async () => {
		const { shown } = await close({ status: "completed", summary: "", answer: { from: "U0ADALOVEL", text: "Spain" } });
		expect(shown).toContain("Answered by <@U0ADALOVEL>");
	});

	test("a long answer is cut", async () => {
		const { shown } = await close({ status: "completed", summary: "", answer: { from: "G".repeat(500), text: "\n".repeat(3_000) } });
		expect(shown).toContain("… <");
		expect(slack.double.defects).toEqual([]);
	});

	test("a message that was deleted meanwhile is no trouble worth repeating", async () => {
		const message = ask();
		const { receipt } = await slack.connection.send(message, signal());
		slack.double.messages().length = 0;
		const closing: Closing = { status: "cancelled", summary: "Cancelled.", answer: null };
		await expect(slack.connection.update?.(receipt, message, closing, signal())).rejects.toMatchObject({ kind: "rejected" });
	});
});
