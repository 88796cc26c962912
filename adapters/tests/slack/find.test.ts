import type { OutboundMessage } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { replyContent } from "../../fixtures/messages.ts";
import { ask, signal, useSlack } from "./harness.ts";
import { workspace } from "./workspace.ts";

const { channel } = workspace;
const slack = useSlack();

describe("an attempt whose end nobody heard", () => {
	const since = new Date();

	test("is found by the delivery's id, and by our app alone", async () => {
		const message = ask();
		slack.double.next({ kind: "cut" });
		await expect(slack.connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		const [posted] = slack.double.messages();
		expect(await slack.connection.find?.(message, since, signal())).toEqual({
			state: "found",
			receipt: { platformId: `${channel}:${posted?.ts}`, data: { channel, ts: posted?.ts } },
		});
		Object.assign(posted ?? {}, { app_id: "A0STRANGER" });
		expect(await slack.connection.find?.(message, since, signal())).toEqual({ state: "absent" });
	});

	test("is looked for in its thread", async () => {
		const { receipt } = await slack.connection.send(ask(), signal());
		const message = ask({ thread: receipt }, replyContent);
		expect(await slack.connection.find?.(message, since, signal())).toEqual({ state: "absent" });
		await slack.connection.send(message, signal());
		expect(await slack.connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
	});

	test("is looked for outside its thread, too, where that took no reply", async () => {
		const { receipt } = await slack.connection.send(ask(), signal());
		const message = ask({ thread: receipt }, replyContent);
		const refused = { kind: "status", status: 200, body: '{"ok":false,"error":"restricted_action_thread_locked"}' } as const;
		slack.double.next(refused, { kind: "cut" });
		await expect(slack.connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		expect(await slack.connection.find?.(message, since, signal())).toMatchObject({
			state: "found",
			receipt: { data: { ts: slack.double.messages()[1]?.ts } },
		});
	});

	test("is found behind pages of talk; behind too much of it nobody can tell", async () => {
		const message = ask();
		const talk = (count: number) => {
			for (let each = 0; each < count; each += 1) slack.double.reply("1", "talk", { thread_ts: undefined });
		};
		talk(350);
		await slack.connection.send(message, signal());
		expect(await slack.connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		slack.double.messages().pop();
		talk(800);
		expect(await slack.connection.find?.(message, since, signal())).toEqual({ state: "unclear" });
		expect(await slack.connection.find?.(message, new Date(Date.now() + 3_600_000), signal())).toEqual({ state: "absent" });
	});

	test("is sent again where the app may not look, and a person is told", async () => {
		slack.double.grant(["chat:write"]);
		expect(await slack.connection.find?.(ask(), since, signal())).toMatchObject({
			state: "absent",
			note: expect.stringContaining("channels:history"),
		});
	});

	test("1,000 sends over a wire that breaks before or after the post: none lost, none twice", async () => {
		const channels = Array.from({ length: 50 }, (_, number) => `C0CHANNEL${number}`);
		for (const id of channels) slack.double.addChannel(id);
		const messages = Array.from({ length: 1_000 }, (_, number) => ask({ address: channels[number % 50] ?? "" }));
		const known = new Set<string | null>();
		// As the worker does it: after an unclear end look, and send again only what is not there.
		const deliver = async (message: OutboundMessage, number: number) => {
			slack.double.next({ kind: number % 3 === 0 ? "drop" : "cut" });
			await expect(slack.connection.send(message, signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
			const found = await slack.connection.find?.(message, since, signal());
			const receipt = found?.state === "found" ? found.receipt : (await slack.connection.send(message, signal())).receipt;
			known.add(receipt.platformId);
		};
		for (const [number, message] of messages.entries()) await deliver(message, number);
		const stored = channels.flatMap((id) =>
			slack.double.messages(id).map(({ ts, metadata }) => ({ id: `${id}:${ts}`, of: metadata?.event_payload.delivery_id })),
		);
		expect(stored).toHaveLength(1_000);
		expect(new Set(stored.map(({ of }) => of))).toEqual(new Set(messages.map(({ key }) => key)));
		expect(new Set(stored.map(({ id }) => id))).toEqual(known);
	}, 60_000);
});
