import { findViolations } from "@agentplanner/core";
import { expect, onTestFinished, test } from "vitest";
import { startDiscordDouble } from "../../../adapters/tests/discord/discord-double.ts";
import { world } from "../../../adapters/tests/discord/world.ts";
import { until, untilRequest } from "../harness.ts";
import { openListening } from "../listening/open-listening.ts";

/** A Discord application that is reached by the gateway alone. */
const open = async () => {
	const discord = await startDiscordDouble();
	onTestFinished(discord.close);
	discord.configure({ flags: 1 << 19, interactions_endpoint_url: null });
	const opened = await openListening({
		adapter: "discord",
		settings: { application_id: world.applicationId, public_key: world.publicKey, gateway: "all", api_url: discord.url },
		secrets: { bot_token: world.token },
		address: world.channel,
		newest: () => discord.messages().at(-1),
	});
	return { discord, ...opened };
};

test("questions are answered in a thread and by their button, without any public address", async () => {
	const { discord, ctx, ask } = await open();
	const answered = async (asked: Awaited<ReturnType<typeof ask>>, text: string) => {
		const { responses } = await untilRequest(asked.asked, "completed");
		expect(responses).toMatchObject([{ text, respondent: "Ada L.", outcome: "accepted" }]);
		await until(() => JSON.stringify(asked.question).includes("Answered by Ada L."));
	};
	const threaded = await ask();
	discord.addChannel(threaded.question.id, { type: 11, parent_id: world.channel });
	discord.say("France", {}, threaded.question.id);
	await answered(threaded, "France");

	const pressed = await ask();
	const form = discord.press(pressed.question, "reply");
	discord.gateway.dispatch("INTERACTION_CREATE", form.payload);
	await until(() => discord.presses.isAnswered(form.token));
	discord.gateway.dispatch("INTERACTION_CREATE", discord.presses.submit(form, { answer: "Italy" }).payload);
	await answered(pressed, "Italy");
	await until(async () => (await findViolations(ctx)).length === 0);
});

test("what is said while no worker listens is heard by the next one", async () => {
	const { discord, worker, startWorker, ask } = await open();
	const { asked, question } = await ask();
	await worker.stop();
	await until(() => discord.gateway.seen.includes("closed 4200"));
	discord.say("France", { type: 19, referenced_message: { id: question.id, author: { id: world.botId } } });
	await startWorker();
	const { responses } = await untilRequest(asked, "completed");
	expect(responses).toMatchObject([{ text: "France" }]);
	expect(discord.gateway.seen.filter((what) => what === "identify")).toHaveLength(1);
});

test("a switch that is off in the Developer Portal is named, with where it is", async () => {
	const { discord, listening } = await open();
	discord.configure({ flags: 0 });
	discord.gateway.hangUp(4_000);
	discord.gateway.forget();
	await until(async () => JSON.stringify(await listening()).includes("Message Content Intent"));
});
