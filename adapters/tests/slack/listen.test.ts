import { setTimeout as sleep } from "node:timers/promises";
import type { Received } from "@agentplanner/contracts";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ask, connect, signal, useSlack, warnings } from "./harness.ts";
import { postOfEvent } from "./posts.ts";
import { people, workspace } from "./workspace.ts";

const { appToken, channel, token } = workspace;
const slack = useSlack();
const refused = (error: string) => ({ kind: "status" as const, status: 200, body: JSON.stringify({ ok: false, error }) });

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(() => {
	process.off("unhandledRejection", note);
	expect(unhandled).toEqual([]);
});

/** Listens as the worker does; `store` is what becomes of what was heard. */
const listen = async (store: (received: Received[]) => Promise<void> = async () => {}) => {
	const heard: Received[] = [];
	const reports: (string | null)[] = [];
	const connection = await connect(slack.double.url, { bot_token: token, app_token: appToken });
	const ending = new AbortController();
	const listening = {
		session: null,
		saveSession: async () => {},
		report: (problem: string | null) => void reports.push(problem),
		receive: async (received: Received[]) => {
			await store(received);
			heard.push(...received);
		},
	};
	const end = (connection.listen?.(listening, ending.signal) ?? Promise.reject(new Error("It doesn't listen."))).then(
		() => null,
		(error: unknown) => error,
	);
	onTestFinished(async () => {
		ending.abort();
		await end;
	});
	return { heard, reports, end, stop: () => ending.abort() };
};

const listenWithTwo = async (...args: Parameters<typeof listen>) => {
	const listener = await listen(...args);
	await vi.waitUntil(() => slack.double.lines.open.length === 2, 5_000);
	return listener;
};

const question = async () => {
	await slack.connection.send(ask(), signal());
	const posted = slack.double.messages().at(-1);
	return { posted, say: (text: string) => slack.double.reply(posted?.ts ?? "", text) };
};

describe("through two lines", () => {
	test("what is said is stored before Slack gets its yes, whichever line it takes", async () => {
		const waiting: number[] = [];
		const { heard, reports } = await listenWithTwo(async () => {
			waiting.push(slack.double.lines.unanswered().length);
		});
		const { say } = await question();
		for (const text of ["Spain", "France", "Italy"]) await slack.double.lines.tell(say(text));
		expect(heard).toMatchObject(["Spain", "France", "Italy"].map((text) => ({ type: "thread_reply", text })));
		expect(waiting).toEqual([1, 1, 1]);
		expect(reports).toEqual([null]);
	});

	test("what can't be stored gets no yes, and is the same when Slack says it again", async () => {
		const tries: string[] = [];
		const { heard } = await listenWithTwo(async ([first]) => {
			tries.push(first?.externalId ?? "");
			if (tries.length === 1) throw new Error("The database is away.");
		});
		const { say } = await question();
		await slack.double.lines.tell(say("Spain"));
		expect(tries).toEqual([heard[0]?.externalId, heard[0]?.externalId]);
	});

	test("what was stored before the wire broke comes again as the same", async () => {
		const tries: string[] = [];
		await listenWithTwo(async ([first]) => {
			tries.push(first?.externalId ?? "");
			if (tries.length === 1) slack.double.lines.cut();
		});
		const { say } = await question();
		await slack.double.lines.tell(say("Spain"));
		expect(tries).toHaveLength(2);
		expect(new Set(tries).size).toBe(1);
	});

	test("buttons open forms, and what is wrong with a form goes back with the yes", async () => {
		const { heard } = await listenWithTwo();
		const { posted } = await question();
		await slack.double.lines.tell(slack.double.click(posted, "agentplanner_reply"));
		await vi.waitUntil(() => slack.double.views.length === 1);
		expect(await slack.double.lines.tell(slack.double.submit({ answer: " " }))).toMatchObject({ response_action: "errors" });
		expect(heard).toEqual([]);
		expect(await slack.double.lines.tell(slack.double.submit({ answer: "Spain" }))).toEqual({ response_action: "clear" });
		expect(heard).toMatchObject([{ type: "answer", text: "Spain", ear: { channel, user: people.ada.id } }]);
	});

	test("a command is stored before Slack gets its yes, which shows nothing", async () => {
		const { heard } = await listenWithTwo();
		expect(await slack.double.lines.tell(slack.double.command("inbox"))).toBeUndefined();
		expect(heard).toMatchObject([{ type: "command", words: "inbox", address: channel, person: people.ada }]);
	});

	test("words that nobody understands are answered and passed over", async () => {
		const { heard } = await listenWithTwo();
		for (const text of ["", "null", "{", "[]", '{"type":"hullo"}', '{"type":"events_api"}']) slack.double.lines.babble(text);
		const before = warnings.length;
		await slack.double.lines.tell({ type: "events_api", payload: { type: "event_callback" } });
		await slack.double.lines.tell({ type: "interactive", payload: null });
		await slack.double.lines.tell({ type: "slash_commands", payload: { command: "/planner" } });
		expect(warnings.slice(before)).toMatchObject([
			{ detail: expect.stringContaining("api_app_id") },
			{ detail: expect.stringContaining("payload") },
			{ detail: expect.stringContaining("api_app_id") },
		]);
		await slack.double.lines.tell(postOfEvent({ type: "reaction_added" }, "Ev1"));
		expect(heard).toEqual([]);
	});

	test("end with the listener, once they have given the answers that they owe", async () => {
		const { stop, end } = await listenWithTwo(() => sleep(300));
		const { posted } = await question();
		await slack.double.lines.tell(slack.double.click(posted, "agentplanner_reply"));
		await vi.waitUntil(() => slack.double.views.length === 1);
		const sent = slack.double.lines.tell(slack.double.submit({ answer: "Spain" }));
		await sleep(100);
		stop();
		expect(await sent).toEqual({ response_action: "clear" });
		expect(await end).toBeNull();
		await vi.waitUntil(() => slack.double.lines.open.length === 0);
	});
});

describe("a line", () => {
	test.each(["refresh_requested", "warning"])("is replaced before it is left: %s", async (reason) => {
		await listenWithTwo();
		const { say } = await question();
		const [old] = slack.double.lines.open;
		// The first try at a new one fails.
		slack.double.next({ kind: "status", status: 500 });
		const replacing = slack.double.lines.refresh(reason, old, 3_000);
		while (old && slack.double.lines.open.includes(old)) await slack.double.lines.tell(say("Still here?"));
		await replacing;
		expect(slack.double.lines.open).toHaveLength(2);
		expect(slack.double.lines.fewest()).toBe(2);
	});

	test("that Slack wants replaced again and again is replaced slower and slower", async () => {
		slack.double.lines.tire();
		const { end } = await listenWithTwo();
		expect(await Promise.race([end, sleep(1_500)])).toBeUndefined();
		expect(slack.double.calls.filter(({ method }) => method === "apps.connections.open").length).toBeLessThan(9);
	});

	test("that is left gives the answers that it owes", async () => {
		await listenWithTwo(() => sleep(300));
		const { posted } = await question();
		await slack.double.lines.tell(slack.double.click(posted, "agentplanner_reply"));
		await vi.waitUntil(() => slack.double.views.length === 1);
		const sent = slack.double.lines.tell(slack.double.submit({ answer: "Spain" }));
		for (const line of [...slack.double.lines.open]) void slack.double.lines.refresh("warning", line, 5_000);
		expect(await sent).toEqual({ response_action: "clear" });
	});

	test("that can't be made anew is tried again, as long as the other one hears", async () => {
		const { heard, reports } = await listenWithTwo();
		const { say } = await question();
		slack.double.next({ kind: "status", status: 500 });
		slack.double.lines.cut(slack.double.lines.open.slice(0, 1));
		await vi.waitUntil(() => slack.double.lines.open.length === 1);
		await slack.double.lines.tell(say("Spain"));
		expect(heard).toHaveLength(1);
		await vi.waitUntil(() => slack.double.lines.open.length === 2, 5_000);
		expect(reports).toEqual([null]);
	});
});

describe("when all lines break", () => {
	test("they are made anew, and what was said meanwhile arrives", async () => {
		const { heard, reports } = await listenWithTwo();
		slack.double.lines.cut();
		const { say } = await question();
		await slack.double.lines.tell(say("Spain"));
		expect(heard).toHaveLength(1);
		expect(reports).toEqual([null, expect.stringContaining("broke"), null]);
		await vi.waitUntil(() => slack.double.lines.open.length === 2, 5_000);
	});

	test.each([
		["invalid_auth", refused("invalid_auth"), "unauthorized"],
		["a wrong kind of token", refused("not_allowed_token_type"), "unauthorized"],
		["a missing scope", refused("missing_scope"), "unauthorized"],
		["500", { kind: "status", status: 500 }, "unavailable"],
		["a page of HTML", { kind: "status", status: 200, body: "<html>" }, "unavailable"],
		["429", { kind: "status", status: 429, headers: { "retry-after": "9" } }, "rate_limited"],
		["a cut wire", { kind: "drop" }, "unavailable"],
	] as const)("and Slack gives no new one, it ends with the reason and nothing else does: %s", async (_name, fault, kind) => {
		const { end } = await listenWithTwo();
		slack.double.behave(fault);
		slack.double.lines.cut();
		expect(await end).toMatchObject({ kind, remedy: expect.stringMatching(/^[A-Z].+\.$/) });
		await sleep(50);
	});

	test("by an app-level token that was revoked, a person is told where to make another", async () => {
		const { end } = await listenWithTwo();
		slack.double.revoke(appToken);
		slack.double.lines.cut(slack.double.lines.open.slice(0, 1));
		expect(await end).toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("connections:write") });
		await vi.waitUntil(() => slack.double.lines.open.length === 0);
	});
});

describe("listening ends at once", () => {
	test("where Socket Mode is switched off", async () => {
		const { end } = await listenWithTwo();
		void slack.double.lines.refresh("link_disabled");
		expect(await end).toMatchObject({ kind: "unauthorized", remedy: expect.stringContaining("Socket Mode") });
	});

	test("where all of Slack's connections are taken", async () => {
		slack.double.lines.greet({ type: "disconnect", reason: "too_many_websockets" });
		expect(await (await listen()).end).toMatchObject({ kind: "unavailable", remedy: expect.stringContaining("other programs") });
	});

	test("where the token is another app's", async () => {
		slack.double.lines.greet({ type: "hello", connection_info: { app_id: "A0STRANGER" } });
		expect(await (await listen()).end).toMatchObject({ kind: "unauthorized", message: expect.stringContaining("A0STRANGER") });
	});

	test("where Slack hangs up before its hello", async () => {
		slack.double.lines.greet(null);
		const { end } = await listen();
		await vi.waitUntil(() => slack.double.lines.strangers() > 0, 5_000);
		slack.double.lines.cut();
		expect(await end).toMatchObject({ kind: "unavailable", message: expect.stringContaining("hello") });
	});
});
