import { describe, expect, test } from "vitest";
import { decisionContent } from "../../fixtures/messages.ts";
import { ask, signal, useDiscord } from "./harness.ts";
import { person, world } from "./world.ts";

const { applicationId } = world;
const discord = useDiscord();

describe("a word into one person's ear", () => {
	test("is heard by them alone, with a link; not before Discord was answered", async () => {
		await discord.connection.send(ask({}, decisionContent), signal());
		const press = discord.double.press(discord.double.messages()[0], "decide");
		const ear = { application_id: applicationId, token: press.token };
		await expect(discord.connection.tell?.(ear, { text: "Too late." }, signal())).rejects.toMatchObject({ kind: "rejected" });
		discord.double.hear(press.token, { type: 6 });
		await discord.connection.tell?.(
			ear,
			{ text: "Link your account first.", link: { label: "Link it", url: "https://planner.example.com/l" } },
			signal(),
		);
		expect(discord.double.presses.told(press.token).followUps).toMatchObject([
			{
				flags: 64,
				content: "Link your account first.",
				components: [{ components: [{ style: 5, url: "https://planner.example.com/l" }] }],
			},
		]);
	});

	test("of somebody who wrote is heard in the conversation with the bot", async () => {
		await discord.connection.tell?.({ person: person.id }, { text: "It was answered already." }, signal());
		expect(discord.double.messages(world.conversation)).toMatchObject([{ content: "It was answered already." }]);
	});

	test("no failure shows the press's token", async () => {
		discord.double.behave({ kind: "status", status: 500 });
		const error = await discord.connection
			.tell?.({ application_id: applicationId, token: "secret-of-a-press" }, { text: "x" }, signal())
			.catch((e) => e);
		expect(JSON.stringify(error.exchange)).toContain("/webhooks/");
		expect(JSON.stringify(error.exchange)).not.toContain("secret-of-a-press");
	});
});
