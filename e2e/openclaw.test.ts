import { expect, test } from "vitest";
import { gatewayToken, startGatewayDouble } from "../adapters/tests/openclaw/gateway-double.ts";
import { sendTest, useConnecting } from "./support/connecting.ts";

const { platform, openWizard } = useConnecting(() => startGatewayDouble());

test("a gateway is connected by its form, names what to approve, and passes once it is", async () => {
	const gateway = platform();
	const { page, dialog } = await openWizard("OpenClaw");
	await dialog.getByText("openclaw gateway auth-token --show").waitFor();
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill("claw.example.org");
	await dialog.getByRole("textbox", { name: "Gateway token" }).fill(gatewayToken);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("can't be read", { exact: false }).waitFor();
	gateway.requirePairing("526d34ab-0b9c");
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill(gateway.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();

	// Its device key is nobody else's business.
	await dialog.getByText("Approve this integration").waitFor();
	expect(await dialog.innerText()).not.toContain("ocdk_");
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("openclaw devices approve 526d34ab-0b9c").waitFor();
	gateway.approve("526d34ab-0b9c");
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("The check passed").waitFor();
	await sendTest(dialog);
	expect(gateway.prompts.at(-1)).toContain("A test from AgentPlanner");
	expect(await page.content()).not.toContain(gatewayToken);
});
