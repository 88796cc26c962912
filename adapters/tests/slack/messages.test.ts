import { personAddress } from "@agentplanner/contracts";
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
import { ask, long, signal, useSlack } from "./harness.ts";
import { workspace } from "./workspace.ts";

const { channel } = workspace;
const slack = useSlack();

describe("a question in a channel", () => {
	test("says who asks what of which task, until when, and how to answer", async () => {
		const message = ask();
		const { receipt } = await slack.connection.send(message, signal());
		const [posted] = slack.double.messages();
		expect(receipt).toEqual({ platformId: `${channel}:${posted?.ts}`, data: { channel, ts: posted?.ts } });
		expect(posted?.text).toBe("Question for Researcher: Which markets first?");
		const shown = JSON.stringify(posted?.blocks);
		for (const words of [
			"Go to market",
			"Choose markets",
			"asked by Ada",
			"<!date^",
			"Which markets first?",
			"Be brief.",
			"Reply in this thread",
		])
			expect(shown).toContain(words);
		expect(posted?.metadata?.event_payload).toEqual({ delivery_id: message.key });
		expect(posted?.blocks?.find(({ type }) => type === "actions")).toMatchObject({
			elements: [{ action_id: "agentplanner_reply", value: message.key }, { url: message.link }],
		});
		expect(JSON.stringify(slack.double.calls)).not.toContain(message.reply?.token);
	});

	test("pings nobody and links nowhere, whatever it says", async () => {
		const hostile = "<!channel> <@U0ADALOVEL> <https://evil.example|our wiki> &lt;!here&gt;";
		const content = structuredClone(requestContent);
		content.question = hostile;
		content.asked_by = hostile;
		content.agent = { id: content.agent_request_id, name: hostile };
		content.context.plan.title = hostile;
		content.context.node.title = hostile;
		content.context.node.agent_instructions = hostile;
		content.context.node.acceptance_criteria = hostile;
		await slack.connection.send(ask({}, content), signal());
		const [posted] = slack.double.messages();
		// The header is plain text, which Slack shows as it is.
		const marked = JSON.stringify([posted?.text, posted?.blocks?.filter(({ type }) => type !== "header")]);
		expect(marked.match(/<(?!!date\^)/g)).toBeNull();
		expect(marked).toContain("&amp;lt;!here&amp;gt;");
		expect(marked).toContain("&lt;!channel&gt;");
	});

	test("is cut where Slack has limits, with a link to the rest", async () => {
		const content = structuredClone(requestContent);
		content.question = "&".repeat(10_000);
		content.agent = { id: content.agent_request_id, name: `${long(147)}🧪🧪` };
		content.context.plan.title = long(5_000);
		content.context.node.agent_instructions = "🧪".repeat(5_000);
		content.context.node.acceptance_criteria = "<".repeat(5_000);
		const { note } = await slack.connection.send(ask({}, content), signal());
		expect(note).toBeUndefined();
		const shown = JSON.stringify(slack.double.messages()[0]?.blocks);
		expect(shown.match(/\|more in AgentPlanner>/g)).toHaveLength(3);
		expect(shown).not.toMatch(/&(amp?|lt?)?…/);
		expect(shown.isWellFormed() && !shown.includes("\\ud83e")).toBe(true);
	});

	test("needs the channel's id", async () => {
		for (const address of ["", "#general", "general", "U0ADALOVEL", "@ada"])
			await expect(slack.connection.send(ask({ address }), signal())).rejects.toMatchObject({
				kind: "rejected",
				remedy: expect.stringContaining("channel's id"),
			});
		expect(slack.double.calls).toEqual([]);
	});
});

describe("other messages", () => {
	test("a reply goes into the thread of its question, and outside of it once that is gone", async () => {
		const { receipt } = await slack.connection.send(ask(), signal());
		await slack.connection.send(ask({ thread: receipt }, replyContent), signal());
		expect(slack.double.messages()[1]).toMatchObject({ thread_ts: receipt.data?.ts, text: expect.stringContaining("Ada replied") });
		slack.double.messages().length = 0;
		const { note } = await slack.connection.send(ask({ thread: receipt }, replyContent), signal());
		expect(note).toContain("thread_not_found");
		expect(slack.double.messages()).toMatchObject([{ thread_ts: undefined }]);
	});

	test("a reminder goes into the thread of its question, with what was asked and the button to answer", async () => {
		const { receipt } = await slack.connection.send(ask(), signal());
		await slack.connection.send(ask({ thread: receipt }, nudgeContent), signal());
		const reminder = slack.double.messages()[1];
		expect(reminder).toMatchObject({
			thread_ts: receipt.data?.ts,
			text: "Reminder for Researcher: Ada still waits for an answer: Which markets first?",
		});
		const buttons = reminder?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements : []));
		expect(buttons).toMatchObject([{ text: { text: "Reply…" } }, { text: { text: "Open in AgentPlanner" } }]);
	});

	test("an outcome that nobody waits to go on with has nothing to press but its link", async () => {
		await slack.connection.send(ask({ reply: null }, { ...decisionOutcomeContent, agent_request_id: null }), signal());
		const buttons = slack.double.messages()[0]?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements : []));
		expect(buttons).toMatchObject([{ text: { text: "Open in AgentPlanner" } }]);
	});

	test("decisions and texts are shown, events are not taken", async () => {
		await slack.connection.send(ask({}, decisionContent), signal());
		await slack.connection.send(ask({}, decisionOutcomeContent), signal());
		await slack.connection.send(ask({}, textContent), signal());
		expect(slack.double.messages().map(({ text }) => text)).toEqual([
			"Decision needed: Ship?",
			"Ship it: Ship?",
			"Ada: The fair is on Friday.",
		]);
		await expect(slack.connection.send(ask({}, eventContent), signal())).rejects.toMatchObject({ kind: "rejected" });
	});

	test("what begins like JSON is text all the same", async () => {
		await slack.connection.send(ask({}, { ...textContent, from: "[Ops] Ada" }), signal());
		expect(slack.double.messages()).toMatchObject([{ text: "[Ops] Ada: The fair is on Friday." }]);
	});

	test("a layout that Slack refuses is posted as plain text, and a person is told", async () => {
		slack.double.next({ kind: "status", status: 200, body: '{"ok":false,"error":"invalid_blocks"}' });
		const { note } = await slack.connection.send(ask(), signal());
		expect(note).toContain("invalid_blocks");
		expect(slack.double.messages()).toMatchObject([{ blocks: undefined, text: expect.stringContaining("Which markets first?") }]);
	});
});

describe("to one person", () => {
	const address = personAddress("U0ADALOVEL");
	const since = new Date();

	test("opens the conversation with that person, where replies go into the thread", async () => {
		const { receipt } = await slack.connection.send(ask({ address }, textContent), signal());
		expect(receipt.data).toMatchObject({ channel: workspace.dialogue });
		await slack.connection.send(ask({ address, thread: receipt }, replyContent), signal());
		expect(slack.double.messages(workspace.dialogue)).toMatchObject([
			{ text: "Ada: The fair is on Friday." },
			{ thread_ts: receipt.data?.ts },
		]);
	});

	test("is found there after a connection broke", async () => {
		const message = ask({ address }, textContent);
		expect(await slack.connection.find?.(message, since, signal())).toEqual({ state: "absent" });
		slack.double.next({ kind: "cut" });
		await expect(slack.connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		expect(await slack.connection.find?.(message, since, signal())).toMatchObject({
			state: "found",
			receipt: { data: { channel: workspace.dialogue } },
		});
		slack.double.grant(["chat:write"]);
		expect(await slack.connection.find?.(message, since, signal())).toMatchObject({
			state: "absent",
			note: expect.stringContaining("im:write"),
		});
	});

	test("is checked as a person", async () => {
		expect(await slack.connection.check([address, workspace.dialogue], signal())).toEqual([]);
		expect(await slack.connection.check([personAddress("U0STRANGER")], signal())).toMatchObject([
			{ problem: expect.stringContaining("@U0STRANGER") },
		]);
	});
});
