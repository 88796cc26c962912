import { expect, test } from "vitest";
import { installUrl } from "../adapters/src/discord/permissions.ts";
import { startDiscordDouble } from "../adapters/tests/discord/discord-double.ts";
import { signPost, world } from "../adapters/tests/discord/world.ts";
import { finish, sendTest, useConnecting } from "./support/connecting.ts";

const { platform, openWizard } = useConnecting(() => startDiscordDouble());

test("Discord is connected step by step, checked, and a test arrives", async () => {
	const discord = platform();
	const { page, dialog } = await openWizard("Discord");
	await dialog.getByText("Make the application").waitFor();
	await dialog.getByRole("button", { name: "Continue" }).click();
	// What nothing works without is asked for at once; the rest is folded away.
	expect(await dialog.getByLabel("Replies to hear").first().isVisible()).toBe(false);
	await dialog.getByRole("textbox", { name: "Application ID" }).fill("planner");
	await dialog.getByRole("textbox", { name: "Public key" }).fill(world.publicKey);
	await dialog.getByRole("textbox", { name: "Bot token" }).fill("not-a-token");
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("must be the application's id, 17 to 20 digits").waitFor();
	await dialog.getByText("must be the bot's token, three parts with dots between").waitFor();

	await dialog.getByRole("textbox", { name: "Application ID" }).fill(world.applicationId);
	await dialog.getByRole("textbox", { name: "Bot token" }).fill(world.token);
	await dialog.getByText("More settings").click();
	await dialog.getByRole("textbox", { name: "API address" }).fill(discord.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();

	await dialog.getByText("Finish it there").waitFor();
	expect(await dialog.getByRole("link", { name: "Install link" }).getAttribute("href")).toBe(installUrl(world.applicationId));
	const url = await dialog.locator(".copy-value code").filter({ hasText: "/ingress/discord/" }).first().innerText();
	const ping = signPost(JSON.stringify({ id: "1", application_id: world.applicationId, type: 1, token: "t" }), new Date());
	expect(await (await fetch(url, { method: "POST", ...ping })).json()).toEqual({ type: 1 });
	expect(await page.content()).not.toContain(world.token);

	await dialog.getByRole("button", { name: "Continue" }).click();
	discord.configure({ interactions_endpoint_url: null });
	await dialog.getByRole("textbox", { name: "Channel ID" }).fill(world.channel);
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("Discord has no address to post answers to").waitFor();
	discord.configure();
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("The check passed").waitFor();
	await sendTest(dialog);
	expect(discord.messages().at(-1)?.embeds[0]?.description).toContain("A test from AgentPlanner");
	await finish(dialog);
});
