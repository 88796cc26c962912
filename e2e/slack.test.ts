import { expect, test } from "vitest";
import { postOfChallenge } from "../adapters/tests/slack/posts.ts";
import { startSlackDouble } from "../adapters/tests/slack/slack-double.ts";
import { workspace } from "../adapters/tests/slack/workspace.ts";
import { finish, sendTest, useConnecting } from "./support/connecting.ts";

const { platform, openWizard } = useConnecting(() => startSlackDouble());

test("Slack is connected step by step: prepared, connected, finished there, checked, and a test arrives", async () => {
	const slack = platform();
	const { page, dialog } = await openWizard("Slack");
	await dialog.getByText("Prepare it there").waitFor();
	const manifest = JSON.parse(await dialog.locator(".copy-value code").innerText());
	expect(manifest.oauth_config.scopes.bot).toContain("chat:write");
	await dialog.getByRole("button", { name: "Continue" }).click();
	// What nothing works without is asked for at once; the rest is folded away.
	expect(await dialog.getByLabel("Previous signing secret").first().isVisible()).toBe(false);
	await dialog.getByRole("textbox", { name: "App ID" }).fill("T0TEAM");
	await dialog.getByRole("textbox", { name: "Bot token" }).fill("xoxp-1234567890-person");
	await dialog.getByRole("button", { name: "Back" }).click();
	await dialog.getByText("Install it").waitFor();
	await dialog.getByRole("button", { name: "Continue" }).click();
	expect(await dialog.getByRole("textbox", { name: "App ID" }).inputValue()).toBe("T0TEAM");
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("must be the app's id, such as A0123456789").waitFor();
	await dialog.getByText("must be the Bot User OAuth Token, which begins with xoxb-").waitFor();
	await dialog.getByText("Signing secret must be given").waitFor();

	await dialog.getByRole("textbox", { name: "App ID" }).fill(workspace.appId);
	await dialog.getByRole("textbox", { name: "Bot token" }).fill(workspace.token);
	await dialog.getByRole("textbox", { name: "Signing secret", exact: true }).fill(workspace.signingSecret);
	await dialog.getByText("More settings and secrets").click();
	await dialog.getByRole("textbox", { name: "API address" }).fill(slack.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();

	await dialog.getByText("Finish it there").waitFor();
	const url = await dialog.locator(".copy-value code").filter({ hasText: "/ingress/slack/" }).first().innerText();
	expect(await dialog.getByRole("link", { name: "Event Subscriptions" }).getAttribute("href")).toContain(`/apps/${workspace.appId}/`);
	const challenge = postOfChallenge("from-slack");
	const answer = await fetch(url, { method: "POST", ...challenge });
	expect(await answer.json()).toEqual({ challenge: "from-slack" });
	expect(await page.content()).not.toContain(workspace.token);

	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("button", { name: "Send a test" }).click();
	await dialog.getByText("is needed: Channel ID").waitFor();
	slack.addChannel("C0NOTYETIN", { is_member: false });
	await dialog.getByRole("textbox", { name: "Channel ID" }).fill("C0NOTYETIN");
	slack.grant(["chat:write"]);
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("channels:history to read answers in public channels").waitFor();
	slack.grant();
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("The app is not in the channel C0NOTYETIN.").waitFor();
	await dialog.getByText("Write /invite @AgentPlanner there.").waitFor();
	await dialog.getByRole("textbox", { name: "Channel ID" }).fill(workspace.channel);
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("The check passed").waitFor();
	await sendTest(dialog);
	expect(slack.messages().at(-1)?.text).toContain("A test from AgentPlanner");
	await finish(dialog);

	await page.getByText("Send a message").click();
	const form = page.getByRole("listitem").filter({ hasText: "Send a message" }).first();
	await form.getByRole("textbox", { name: "Address of the message" }).fill("C0NOWHERE");
	await form.getByRole("textbox", { name: "Message", exact: true }).fill("The fair is on Friday.");
	await form.getByRole("button", { name: "Send", exact: true }).click();
	const [dead, arrived] = [0, 1].map((index) => form.getByRole("list", { name: "Last messages" }).locator("> li").nth(index));
	await arrived?.getByText("A test from AgentPlanner: this channel is connected.", { exact: true }).waitFor();
	await dead?.getByText("The fair is on Friday.", { exact: true }).waitFor();
	slack.addChannel("C0NOWHERE");
	await dead?.getByRole("button", { name: "Retry now" }).click();
	await dead?.getByText("Delivered", { exact: true }).first().waitFor();
	expect(slack.messages("C0NOWHERE").at(-1)?.text).toContain("The fair is on Friday.");

	await form.getByText("A member").click();
	await form.getByRole("combobox", { name: "Member" }).click();
	await page.getByRole("option").first().click();
	await form.getByRole("textbox", { name: "Message", exact: true }).fill("For you alone.");
	await form.getByRole("button", { name: "Send", exact: true }).click();
	await form.getByText("is no platform on which this member has linked an account").waitFor();
});
