import type { OutboundMessage } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { textContent } from "../../fixtures/messages.ts";
import { ask, long, receiptOf, signal, unreadable, useDiscord } from "./harness.ts";

const discord = useDiscord();

describe("an attempt whose end nobody heard", () => {
	const since = new Date();

	test("is found by the delivery's mark, also once it is closed, and by our bot alone", async () => {
		const message = ask();
		discord.double.next({ kind: "cut" });
		await expect(discord.connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		const [posted] = discord.double.messages();
		const receipt = receiptOf(posted?.id) as { platformId: string };
		expect(await discord.connection.find?.(message, since, signal())).toEqual({ state: "found", receipt });
		await discord.connection.update?.(receipt, message, { status: "expired", summary: "", answer: null }, signal());
		expect(await discord.connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		expect(await discord.connection.find?.(ask(), since, signal())).toEqual({ state: "absent" });
		Object.assign(posted ?? {}, { author: { id: "1160000000000000099", username: "stranger" } });
		expect(await discord.connection.find?.(message, since, signal())).toEqual({ state: "absent" });
	});

	test("is found as plain text, too", async () => {
		const message = ask({}, { ...textContent, text: long(5_000) });
		discord.double.next(unreadable, unreadable, { kind: "cut" });
		await expect(discord.connection.send(message, signal())).rejects.toMatchObject({ mayHaveBeenAccepted: true });
		expect(discord.double.messages()[0]?.embeds).toEqual([]);
		expect(await discord.connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
	});

	test("is found behind pages of talk; behind too much of it nobody can tell", async () => {
		const message = ask();
		const talk = (count: number) => {
			for (let each = 0; each < count; each += 1) discord.double.say("talk");
		};
		talk(350);
		await discord.connection.send(message, signal());
		expect(await discord.connection.find?.(message, since, signal())).toMatchObject({ state: "found" });
		discord.double.messages().pop();
		talk(800);
		expect(await discord.connection.find?.(message, since, signal())).toEqual({ state: "unclear" });
		expect(await discord.connection.find?.(message, new Date(Date.now() + 3_600_000), signal())).toEqual({ state: "absent" });
	});

	test("sent again within minutes, is the same message; later it is another one", async () => {
		const message = ask();
		const { receipt } = await discord.connection.send(message, signal());
		expect((await discord.connection.send(message, signal())).receipt).toEqual(receipt);
		discord.double.wait(200_000);
		expect((await discord.connection.send(message, signal())).receipt).not.toEqual(receipt);
	});

	test("1,000 sends over a wire that breaks before or after the post: none lost, none twice", async () => {
		const channels = Array.from({ length: 50 }, (_, number) => `11600000000000001${String(number).padStart(2, "0")}`);
		for (const id of channels) discord.double.addChannel(id);
		const messages = Array.from({ length: 1_000 }, (_, number) => ask({ address: channels[number % 50] ?? "" }));
		const known = new Set<string | null>();
		// As the worker does it: after an unclear end look, and send again only what is not there.
		const deliver = async (message: OutboundMessage, number: number) => {
			discord.double.next({ kind: number % 3 === 0 ? "drop" : "cut" });
			await expect(discord.connection.send(message, signal())).rejects.toMatchObject({ kind: "unavailable", mayHaveBeenAccepted: true });
			discord.double.wait(200_000);
			const found = await discord.connection.find?.(message, since, signal());
			const receipt = found?.state === "found" ? found.receipt : (await discord.connection.send(message, signal())).receipt;
			known.add(receipt.platformId);
		};
		for (const [number, message] of messages.entries()) await deliver(message, number);
		const stored = channels.flatMap((id) => discord.double.messages(id));
		const replies = stored.map(({ components }) => components[0]?.components[0]?.custom_id);
		expect(stored).toHaveLength(1_000);
		expect(new Set(replies)).toEqual(new Set(messages.map(({ key }) => `ap:reply:${key}`)));
		expect(new Set(stored.map(({ id }) => id))).toEqual(known);
	}, 120_000);
});
