import { randomUUID } from "node:crypto";
import { type Closing, type Connection, type OutboundMessage, personAddress } from "@agentplanner/contracts";
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
import { createGuardedConnect } from "../../src/guarded-connect.ts";
import { createGuardedFetch } from "../../src/guarded-fetch.ts";
import { neededScopes } from "../../src/slack/check.ts";
import { slack } from "../../src/slack/index.ts";
import { signatureProblem } from "../../src/slack/signature.ts";
import { type SlackDouble, startSlackDouble, workspace } from "./slack-double.ts";

const { channel, appId, token, signingSecret } = workspace;
const fetch = createGuardedFetch({ allowedNetworks: ["127.0.0.1/32"] });
const guardedConnect = createGuardedConnect({ allowedNetworks: [] });
const signal = () => AbortSignal.timeout(10_000);
const long = (count: number) => "x".repeat(count);
let double: SlackDouble;
let connection: Connection;

const connect = (url: string, secrets = { bot_token: token, signing_secret: signingSecret }) =>
	slack.open(
		{ settings: { app_id: appId, api_url: url }, secrets },
		{ fetch, connect: guardedConnect, log: { info() {}, warn() {} }, now: () => new Date() },
	);
const ask = (overrides: Partial<OutboundMessage> = {}, content = buildMessage().content) =>
	buildMessage(content, { key: randomUUID(), address: channel, ...overrides });

beforeEach(async () => {
	double = await startSlackDouble();
	connection = await connect(double.url);
});
afterEach(() => double.close());

describe("a question in a channel", () => {
	test("says who asks what of which task, until when, and how to answer", async () => {
		const message = ask();
		const { receipt } = await connection.send(message, signal());
		const [posted] = double.messages();
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
		expect(JSON.stringify(double.calls)).not.toContain(message.reply?.token);
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
		await connection.send(ask({}, content), signal());
		const [posted] = double.messages();
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
		const { note } = await connection.send(ask({}, content), signal());
		expect(note).toBeUndefined();
		const shown = JSON.stringify(double.messages()[0]?.blocks);
		expect(shown.match(/\|more in AgentPlanner>/g)).toHaveLength(3);
		expect(shown).not.toMatch(/&(amp?|lt?)?…/);
		expect(shown.isWellFormed() && !shown.includes("\\ud83e")).toBe(true);
	});

	test("needs the channel's id", async () => {
		for (const address of ["", "#general", "general", "U0ADALOVEL", "@ada"])
			await expect(connection.send(ask({ address }), signal())).rejects.toMatchObject({
				kind: "rejected",
				remedy: expect.stringContaining("channel's id"),
			});
		expect(double.calls).toEqual([]);
	});
});

describe("other messages", () => {
	test("a reply goes into the thread of its question, and outside of it once that is gone", async () => {
		const { receipt } = await connection.send(ask(), signal());
		await connection.send(ask({ thread: receipt }, replyContent), signal());
		expect(double.messages()[1]).toMatchObject({ thread_ts: receipt.data?.ts, text: expect.stringContaining("Ada replied") });
		double.messages().length = 0;
		const { note } = await connection.send(ask({ thread: receipt }, replyContent), signal());
		expect(note).toContain("thread_not_found");
		expect(double.messages()).toMatchObject([{ thread_ts: undefined }]);
	});

	test("decisions and texts are shown, events are not taken", async () => {
		await connection.send(ask({}, decisionContent), signal());
		await connection.send(ask({}, decisionOutcomeContent), signal());
		await connection.send(ask({}, textContent), signal());
		expect(double.messages().map(({ text }) => text)).toEqual([
			"Decision needed: Ship?",
			"Decided: Ship it",
			"Ada: The fair is on Friday.",
		]);
		await expect(connection.send(ask({}, eventContent), signal())).rejects.toMatchObject({ kind: "rejected" });
	});

	test("a layout that Slack refuses is posted as plain text, and a person is told", async () => {
		double.next({ kind: "status", status: 200, body: '{"ok":false,"error":"invalid_blocks"}' });
		const { note } = await connection.send(ask(), signal());
		expect(note).toContain("invalid_blocks");
		expect(double.messages()).toMatchObject([{ blocks: undefined, text: expect.stringContaining("Which markets first?") }]);
	});
});

describe("to one person", () => {
	const address = personAddress("U0ADALOVEL");
	const since = new Date();

	test("opens the conversation with that person, where replies go into the thread", async () => {
		const { receipt } = await connection.send(ask({ address }, textContent), signal());
		expect(receipt.data).toMatchObject({ channel: workspace.dialogue });
		await connection.send(ask({ address, thread: receipt }, replyContent), signal());
		expect(double.messages(workspace.dialogue)).toMatchObject([{ text: "Ada: The fair is on Friday." }, { thread_ts: receipt.data?.ts }]);
	});

	test("is found there after a connection broke", async () => {
		const message = ask({ address }, textContent);
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "absent" });
		double.next({ kind: "cut" });
		await expect(connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		expect(await connection.find?.(message, since, signal())).toMatchObject({
			state: "found",
			receipt: { data: { channel: workspace.dialogue } },
		});
		double.grant(["chat:write"]);
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "absent", note: expect.stringContaining("im:write") });
	});

	test("is checked as a person", async () => {
		expect(await connection.check([address], signal())).toEqual([]);
		expect(await connection.check([personAddress("U0STRANGER")], signal())).toMatchObject([
			{ problem: expect.stringContaining("@U0STRANGER") },
		]);
	});
});

describe("once its story has ended", () => {
	const close = async (closing: Closing) => {
		const message = ask();
		const { receipt } = await connection.send(message, signal());
		await connection.update?.(receipt, message, closing, signal());
		return { message, receipt, shown: JSON.stringify(double.messages()[0]) };
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

	test("is found by the delivery's id, and by our app alone", async () => {
		const message = ask();
		double.next({ kind: "cut" });
		await expect(connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		const [posted] = double.messages();
		expect(await connection.find?.(message, since, signal())).toEqual({
			state: "found",
			receipt: { platformId: `${channel}:${posted?.ts}`, data: { channel, ts: posted?.ts } },
		});
		Object.assign(posted ?? {}, { app_id: "A0STRANGER" });
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "absent" });
	});

	test("is looked for in its thread", async () => {
		const { receipt } = await connection.send(ask(), signal());
		const message = ask({ thread: receipt }, replyContent);
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "absent" });
		await connection.send(message, signal());
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
	});

	test("is found behind pages of talk; behind too much of it nobody can tell", async () => {
		const message = ask();
		const talk = (count: number) => {
			for (let each = 0; each < count; each += 1) double.reply("1", "talk", { thread_ts: undefined });
		};
		talk(350);
		await connection.send(message, signal());
		expect(await connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		double.messages().pop();
		talk(800);
		expect(await connection.find?.(message, since, signal())).toEqual({ state: "unclear" });
		expect(await connection.find?.(message, new Date(Date.now() + 3_600_000), signal())).toEqual({ state: "absent" });
	});

	test("is sent again where the app may not look, and a person is told", async () => {
		double.grant(["chat:write"]);
		expect(await connection.find?.(ask(), since, signal())).toMatchObject({
			state: "absent",
			note: expect.stringContaining("channels:history"),
		});
	});

	test("1,000 sends over a wire that breaks before or after the post: none lost, none twice", async () => {
		const channels = Array.from({ length: 50 }, (_, number) => `C0CHANNEL${number}`);
		for (const id of channels) double.addChannel(id);
		const messages = Array.from({ length: 1_000 }, (_, number) => ask({ address: channels[number % 50] ?? "" }));
		const known = new Set<string | null>();
		// As the worker does it: after an unclear end look, and send again only what is not there.
		const deliver = async (message: OutboundMessage, number: number) => {
			double.next({ kind: number % 3 === 0 ? "drop" : "cut" });
			await expect(connection.send(message, signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
			const found = await connection.find?.(message, since, signal());
			const receipt = found?.state === "found" ? found.receipt : (await connection.send(message, signal())).receipt;
			known.add(receipt.platformId);
		};
		for (const [number, message] of messages.entries()) await deliver(message, number);
		const stored = channels.flatMap((id) =>
			double.messages(id).map(({ ts, metadata }) => ({ id: `${id}:${ts}`, of: metadata?.event_payload.delivery_id })),
		);
		expect(stored).toHaveLength(1_000);
		expect(new Set(stored.map(({ of }) => of))).toEqual(new Set(messages.map(({ key }) => key)));
		expect(new Set(stored.map(({ id }) => id))).toEqual(known);
	}, 60_000);
});

describe("what Slack says", () => {
	const failure = (body: object, status = 200, headers = {}) => {
		double.behave({ kind: "status", status, headers, body: JSON.stringify(body) });
		return expect(connection.send(ask(), signal())).rejects;
	};

	test("429 waits as long as it says, or half a minute", async () => {
		await failure({}, 429, { "retry-after": "7" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 7_000 });
		await failure({}, 429).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000, mayHaveBeenAccepted: false });
		await failure({ ok: false, error: "ratelimited" }).toMatchObject({ kind: "rate_limited", retryAfterMs: 30_000 });
	});

	test("a missing scope is named, with where to add it", () =>
		failure({ ok: false, error: "missing_scope", needed: "chat:write", provided: "" }).toMatchObject({
			kind: "unauthorized",
			message: expect.stringContaining("chat:write"),
			remedy: expect.stringContaining("OAuth & Permissions"),
		}));

	test.each([
		["token_revoked", "unauthorized", "reinstall"],
		["not_in_channel", "rejected", "/invite"],
		["channel_not_found", "rejected", "/invite"],
		["is_archived", "rejected", "Unarchive"],
		["msg_too_long", "rejected", "defect"],
		["a_code_of_tomorrow", "rejected", "response below"],
	])("%s: %s", (code, kind, remedy) =>
		failure({ ok: false, error: code }).toMatchObject({ kind, remedy: expect.stringContaining(remedy) }),
	);

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
		const gone = await startSlackDouble();
		await gone.close();
		const away = await connect(gone.url);
		await expect(away.send(ask(), signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: false });
	});
});

test("a person is called by the name that Slack shows; who isn't one has none", async () => {
	expect(await connection.nameOf?.("U0ADALOVEL", signal())).toBe("Ada L.");
	expect(await connection.nameOf?.("Helper", signal())).toBeNull();
	await expect(connection.nameOf?.("U0STRANGER", signal())).rejects.toMatchObject({ kind: "rejected" });
});

describe("the check", () => {
	test("names the missing scopes, and only what stops sending holds messages back", async () => {
		const without = async (...missing: string[]) => {
			double.grant(Object.keys(neededScopes).filter((scope) => !missing.includes(scope)));
			const [finding, ...others] = await connection.check([], signal());
			expect(others).toEqual([]);
			return finding;
		};
		const harmless = await without("groups:read", "users:read");
		expect(harmless?.problem).toContain("scopes: groups:read to see which private channels it is in, users:read");
		expect(harmless).not.toHaveProperty("kind");
		expect(await without("chat:write")).toMatchObject({ kind: "unauthorized", problem: expect.stringContaining("chat:write") });
		expect(await without()).toBeUndefined();
	});

	test("names each channel that routes lead to and that it can't work in", async () => {
		double.addChannel("C0STRANGER", { is_member: false });
		double.addChannel("C0ARCHIVED", { is_archived: true });
		const problems = await connection.check([channel, "C0STRANGER", "C0ARCHIVED", "C0NOWHERE", "#general", ""], signal());
		expect(problems.map(({ problem }) => problem)).toEqual([
			"The app is not in the channel C0STRANGER.",
			"The channel C0ARCHIVED is archived.",
			expect.stringContaining("Channel C0NOWHERE: "),
			expect.stringContaining("#general"),
			"The route names no channel.",
		]);
		for (const { kind } of problems) expect(kind).not.toBe("unauthorized");
	});

	test("of a wrong token is one problem", async () => {
		const wrong = await connect(double.url, { bot_token: "xoxb-wrong-wrong-wrong", signing_secret: signingSecret });
		expect(await wrong.check([channel], signal())).toMatchObject([
			{ kind: "unauthorized", problem: expect.stringContaining("invalid_auth") },
		]);
	});
});

describe("the signature", () => {
	// The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
	const body = Buffer.from(
		"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
	);
	const headers = {
		"x-slack-request-timestamp": "1531420618",
		"x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
	};
	const at = (seconds: number) => new Date((1531420618 + seconds) * 1000);

	test("of Slack's own example is right, with the previous secret as well", () => {
		expect(signatureProblem(headers, body, [signingSecret], at(0))).toBeNull();
		expect(signatureProblem(headers, body, ["another0secret0of0ours", signingSecret], at(0))).toBeNull();
		expect(signatureProblem(headers, body, ["another0secret0of0ours"], at(0))).toContain("doesn't match");
	});

	test("is good for five minutes, in both directions", () => {
		for (const seconds of [-300, 300]) expect(signatureProblem(headers, body, [signingSecret], at(seconds))).toBeNull();
		for (const seconds of [-301, 301, 86_400])
			expect(signatureProblem(headers, body, [signingSecret], at(seconds))).toContain("five minutes");
	});

	test("of another version, another length or none is wrong", () => {
		for (const given of [headers["x-slack-signature"].replace("v0", "v1"), "v0=", "", "é".repeat(67)])
			expect(signatureProblem({ ...headers, "x-slack-signature": given }, body, [signingSecret], at(0))).not.toBeNull();
	});
});

test("settings and secrets that can't be right are refused with what to enter", () => {
	const settings = (fields: object) => slack.settings.safeParse({ app_id: appId, ...fields }).success;
	expect(settings({ allowed_bots: "A0FRIEND1, A0FRIEND2" })).toBe(true);
	for (const wrong of [{ app_id: "T0TEAM123" }, { allowed_bots: "U0SOMEBODY" }, { api_url: "ftp://slack" }, { team: "x" }])
		expect(settings(wrong)).toBe(false);
	const secrets = (fields: object) => slack.secrets.safeParse({ bot_token: token, signing_secret: signingSecret, ...fields }).success;
	expect(secrets({})).toBe(true);
	for (const wrong of [{ bot_token: "xoxp-1234567890-person" }, { signing_secret: "short" }]) expect(secrets(wrong)).toBe(false);
});
