import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { buildMessage, decisionContent } from "../../fixtures/messages.ts";
import { newStore, replyTo, texts, until, useGateway } from "./listening.ts";
import { person, world } from "./world.ts";

const { botId, channel } = world;
const { discord, logged, open, listenUp, ask } = useGateway();

describe("what people write", () => {
	test("as a reply to a question, or in a thread on it, is heard; everything else is nobody's answer", async () => {
		const question = await ask();
		discord.double.addChannel(question.id, { type: 11, parent_id: channel });
		const store = newStore();
		const line = await listenUp(store, { allowed_bots: "1160000000000000098" });
		discord.double.say("Lunch?");
		discord.double.say("Own", replyTo(question, { author: { id: botId, username: "AgentPlanner", bot: true } }));
		discord.double.say("Bot", replyTo(question, { author: { id: "1160000000000000097", username: "stranger", bot: true } }));
		discord.double.say("joined", { type: 7 });
		discord.double.say("to somebody else", { type: 19, referenced_message: { id: "1160000000000000031", author: { id: person.id } } });
		const replied = discord.double.say(
			`<@${botId}> Spain, ask <@${person.id}> <:sun:123>`,
			replyTo(question, { mentions: [person], attachments: [{ filename: "a.pdf" }] }),
		);
		const threaded = discord.double.say("France", {}, question.id);
		const helped = discord.double.say("Italy", replyTo(question, { author: { id: "1160000000000000098", username: "helper", bot: true } }));
		await until(() => store.received.length === 3);
		await line.end();
		const said = { type: "thread_reply", platformId: question.id, address: channel };
		expect(store.received).toEqual([
			{
				...{ ...said, externalId: `message:${replied.id}`, author: "Ada L.", ear: { person: person.id } },
				text: `Spain, ask @Ada L. :sun:\n\n[a.pdf](https://discord.com/channels/${world.guild}/${channel}/${replied.id})`,
			},
			{ ...said, externalId: `message:${threaded.id}`, text: "France", author: "Ada L.", ear: { person: person.id } },
			{ ...said, externalId: `message:${helped.id}`, text: "Italy", author: "helper" },
		]);
		expect(discord.double.calls.filter(({ path }) => path === `/channels/${channel}`)).toHaveLength(1);
	});

	test("without the intent only what pings the bot can be read; the rest is told to the log", async () => {
		const question = await ask();
		const store = newStore();
		discord.double.configure({ flags: 0 });
		await listenUp(store, { gateway: "mentions" });
		discord.double.say("Spain", replyTo(question));
		discord.double.say("France", replyTo(question, { mentions: [{ id: botId, username: "AgentPlanner" }] }));
		await until(() => store.received.length === 1);
		expect(texts(store)).toEqual(["France"]);
		expect(logged).toEqual(["a reply came without its text, since it doesn't ping the bot"]);
	});
});

describe("what people press, where Discord has no address to post to", () => {
	test("is answered once it is stored", async () => {
		const connection = await open();
		const message = buildMessage(decisionContent, { key: randomUUID(), address: channel });
		await connection.send(message, AbortSignal.timeout(5_000));
		const store = newStore();
		await listenUp(store);
		const form = discord.double.press(discord.double.messages()[0], "comment");
		discord.double.gateway.dispatch("INTERACTION_CREATE", form.payload);
		await until(() => discord.double.presses.isAnswered(form.token));
		const sent = discord.double.presses.submit(form, { option: "approve", comment: "At last." });
		discord.double.gateway.dispatch("INTERACTION_CREATE", { ...sent.payload, application_id: "1160000000000000099" });
		for (const _time of [1, 2]) discord.double.gateway.dispatch("INTERACTION_CREATE", sent.payload);
		await until(() => discord.double.presses.isAnswered(sent.token) && logged.length === 2);
		expect(store.received).toMatchObject([
			{ type: "decision", deliveryId: message.key, option: "approve", comment: "At last.", person: { id: person.id, name: "Ada L." } },
		]);
		expect(discord.double.presses.told(sent.token).answer).toMatchObject({ type: 6 });
		expect(logged).toEqual(["a press that can't be read was left out", "somebody who pressed a button was not answered"]);
	});

	test("for changes opens the form, since it needs words; without any nothing is decided", async () => {
		const connection = await open();
		const options = [...decisionContent.options, { id: "revise", label: "Needs changes" }];
		const message = buildMessage({ ...decisionContent, options }, { key: randomUUID(), address: channel });
		await connection.send(message, AbortSignal.timeout(5_000));
		const store = newStore();
		await listenUp(store);
		const dispatch = async (press: ReturnType<typeof discord.double.press>) => {
			discord.double.gateway.dispatch("INTERACTION_CREATE", press.payload);
			await until(() => discord.double.presses.isAnswered(press.token));
			return discord.double.presses.told(press.token).answer;
		};
		const form = discord.double.press(discord.double.messages()[0], "decide", "revise");
		expect(await dispatch(form)).toMatchObject({
			type: 9,
			data: {
				components: [
					{ component: { options: [{ value: "approve" }, { value: "reject" }, { value: "revise", default: true }] } },
					{ component: { custom_id: "comment", required: true } },
				],
			},
		});
		const empty = discord.double.presses.submit(form, { option: "revise", comment: " " });
		expect(await dispatch(empty)).toMatchObject({ type: 4, data: { content: expect.stringContaining("say what has to change") } });
		await dispatch(discord.double.presses.submit(form, { option: "revise", comment: "Shorter." }));
		await until(() => store.received.length > 0);
		expect(store.received).toMatchObject([{ type: "decision", deliveryId: message.key, option: "revise", comment: "Shorter." }]);
	});

	test("of a command is answered first, since what its author is told rewrites that", async () => {
		const connection = await open();
		await connection.check([], AbortSignal.timeout(5_000));
		const store = newStore();
		const answered: boolean[] = [];
		const command = discord.double.command("inbox");
		await listenUp(store, {}, async () => void answered.push(discord.double.presses.isAnswered(command.token)));
		discord.double.gateway.dispatch("INTERACTION_CREATE", command.payload);
		await until(() => answered.length === 1);
		expect(answered).toEqual([true]);
		expect(discord.double.presses.told(command.token).answer).toMatchObject({ type: 5 });
	});

	test("that can't be stored gets no answer, so that Discord shows that it failed", async () => {
		const question = await ask();
		const store = newStore();
		const line = await listenUp(store, {}, () => Promise.reject(new Error("no database")));
		const press = discord.double.press(question, "reply");
		discord.double.presses.answer(press.token, {
			type: 9,
			data: { custom_id: `ap:answer:${randomUUID()}`, components: [{ component: { type: 4, custom_id: "answer" } }] },
		});
		const sent = discord.double.presses.submit(press, { answer: "Spain" });
		discord.double.gateway.dispatch("INTERACTION_CREATE", sent.payload);
		await expect(line.ended).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("could not be stored") });
		expect(discord.double.presses.isAnswered(sent.token)).toBe(false);
	});
});
