import type { Inbound, Whisper } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { slack as adapter } from "../../src/slack/index.ts";
import { long, signal, useSlack } from "./harness.ts";
import { postOfCommand, type SlackPost, signPost } from "./posts.ts";
import { people, workspace } from "./workspace.ts";

const { appId, channel, token, signingSecret } = workspace;
const slack = useSlack();

/** What the adapter makes of what Slack posts. */
const read = ({ body, headers }: Pick<SlackPost, "body" | "headers">) => {
	const request = { method: "POST", headers, rawBody: Buffer.from(body) };
	const config = { settings: { app_id: appId }, secrets: { bot_token: token, signing_secret: signingSecret } };
	adapter.verify?.(request, config, new Date());
	return adapter.parse?.(request, config) ?? { inbound: [] };
};
const earOf = ({ body, headers }: SlackPost) => (read({ body, headers }).inbound[0] as Extract<Inbound, { type: "command" }>).ear;

test("a command is taken with who wrote what and where, and answered with nothing for now", () => {
	const posted = slack.double.command(" inbox ");
	expect(read(posted)).toMatchObject({
		inbound: [{ type: "command", words: " inbox ", address: channel, person: people.ada, ear: { response_url: expect.any(String) } }],
		reply: { status: 200, body: null },
	});
	const [once, again, later] = [posted, posted, slack.double.command("inbox")].map((post) => read(post).inbound[0]?.externalId);
	expect(once).toBe(again);
	expect(later).not.toBe(once);
});

test("another command is answered with nothing, another app's refused, and Slack's look at the certificate passes", () => {
	const fields = {
		command: "/planner",
		text: "",
		user_id: "U1",
		channel_id: "C1",
		trigger_id: "1",
		response_url: "https://hooks.slack.com/x",
	};
	expect(read(postOfCommand(fields)).inbound).toHaveLength(1);
	expect(read(postOfCommand({ ...fields, command: "/lunch" }))).toEqual({ inbound: [], reply: { status: 200, body: null } });
	expect(() => read(postOfCommand({ ...fields, api_app_id: "A0STRANGER" }))).toThrow("A0STRANGER");
	const { trigger_id: _, ...without } = fields;
	expect(() => read(postOfCommand(without))).toThrow("trigger_id");
	expect(read(signPost("ssl_check=1&token=legacy", "application/x-www-form-urlencoded", new Date()))).toEqual({ inbound: [] });
});

const whisper: Whisper = {
	text: "Waiting for you, newest first:",
	items: [
		{ title: "Ship <it>\n& go?", about: "Decision on Launch", due: "2026-08-08T10:00:00.000Z", url: "https://planner.example.com/d" },
		{ title: "Which market?", about: "Question on Launch", due: null, url: "https://planner.example.com/r" },
	],
	link: { label: "Open AgentPlanner", url: "https://planner.example.com" },
};

test("its answer is shown to them alone, with a link for each thing, also where the app is not in the channel", async () => {
	const ear = earOf(slack.double.command("", people.grace, "C0ELSEWHERE"));
	await slack.connection.tell?.(ear, whisper, signal());
	expect(slack.double.whispers).toMatchObject([{ channel: "C0ELSEWHERE", user: people.grace.id, text: whisper.text }]);
	const shown = JSON.stringify(slack.double.whispers[0]?.blocks);
	expect(shown).toContain("<https://planner.example.com/d|Ship &lt;it&gt; &amp; go?>");
	expect(shown).toContain("Decision on Launch, due <!date^");
	expect(shown).toContain("<https://planner.example.com/r|Which market?>");
});

test("twenty things with the longest words fit into it", async () => {
	const item = { title: "&".repeat(5_000), about: "&".repeat(500), due: null, url: `https://planner.example.com/${long(400)}` };
	await slack.connection.tell?.(earOf(slack.double.command("")), { ...whisper, items: Array(20).fill(item) }, signal());
	expect(slack.double.whispers).toHaveLength(1);
});

test("an address that is none of Slack's is not called, and a refusal shows nobody the address", async () => {
	const stranger = { response_url: "https://stranger.example.com/commands/x" };
	await expect(slack.connection.tell?.(stranger, whisper, signal())).rejects.toThrow("none of Slack's addresses");
	const unknown = { response_url: `${slack.double.url.replace("/api/", "")}/commands/secret-hook` };
	const error = await slack.connection.tell?.(unknown, whisper, signal()).catch((reason) => reason);
	expect(error).toMatchObject({ kind: "rejected", message: expect.stringContaining("404") });
	expect(JSON.stringify(error.exchange)).not.toContain("secret-hook");
});
