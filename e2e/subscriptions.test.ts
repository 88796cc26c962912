import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { openChromium } from "./support/chromium.ts";
import { startN8n } from "./support/n8n-double.ts";
import { openPage } from "./support/open-page.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { signInOn } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let owner: Person;

beforeAll(async () => {
	browser = await openChromium();
	product = await startProduct();
	owner = await signIn(product.url, product.login);
}, 180_000);

afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
});

type Item = { id: string; title: string; kind: string; text: string };

const firstTask = async (): Promise<string> => {
	const plans = await owner.must<{ items: Item[] }>("GET", `/projects/${owner.projectId}/plans`);
	const { nodes } = await owner.must<{ nodes: Item[] }>("GET", `/projects/${owner.projectId}/plans/${plans.items[0]?.id}`);
	return nodes.find(({ kind }) => kind === "task")?.id ?? "";
};

test("n8n hears of a decision by the recipe, also when its workflow was inactive, and comments on the task, once", {
	timeout: 90_000,
}, async () => {
	const base = `/projects/${owner.projectId}`;
	const { token } = await owner.must<{ token: string }>("POST", `${base}/tokens`, { name: "n8n", scopes: ["comments:write"] });
	const comment = async (event: { id: string; project_id: string; data: Record<string, string> }) => {
		const answer = await fetch(`${product.url}/api/v1/projects/${event.project_id}/nodes/${event.data.node_id}/comments`, {
			method: "POST",
			headers: { "x-api-key": token, "content-type": "application/json", "idempotency-key": event.id },
			body: JSON.stringify({ text: "n8n has seen it." }),
		});
		expect(answer.status).toBe(201);
	};
	const authorization = "Bearer 7d1f0f6a2f2a4c0e";
	const n8n = await startN8n(authorization, async (event) => {
		await comment(event);
		await comment(event);
	});
	onTestFinished(n8n.close);
	await owner.must("POST", `${base}/subscriptions`, {
		name: "n8n",
		url: n8n.url,
		authorization,
		types: ["agent.decision.requested"],
	});
	const nodeId = await firstTask();
	await owner.must("POST", `${base}/decisions`, { node_id: nodeId, question: "Ship it?" });
	await eventually("the inactive workflow is asked", () => n8n.answered.includes(404));
	n8n.activate();
	const comments = await eventually("n8n comments", async () => {
		const { items } = await owner.must<{ items: Item[] }>("GET", `${base}/nodes/${nodeId}/comments`);
		return items.length > 0 && items;
	});
	expect(comments.map(({ text }) => text)).toEqual(["n8n has seen it."]);
	expect(n8n.answered.filter((status) => status === 200)).toHaveLength(1);
});

test("a subscription is made on the page, tested, paused and given a new secret", { timeout: 90_000 }, async () => {
	const n8n = await startN8n("Bearer 0123456789", async () => {});
	onTestFinished(n8n.close);
	n8n.activate();
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => context.close());
	const page = await openPage(context, "subscriptions", [422]);
	await signInOn(page, product);
	await page.getByRole("link", { name: "Settings" }).click();
	await page.getByRole("link", { name: "Subscriptions" }).click();
	await page.getByRole("button", { name: "New subscription" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "Name" }).fill("Team log");
	await dialog.getByRole("textbox", { name: "URL" }).fill(n8n.url);
	await dialog.getByRole("textbox", { name: "Authorization header" }).fill("Bearer 0123456789");
	await dialog.getByRole("combobox", { name: "Events" }).fill("goal.");
	await page.getByRole("option", { name: "goal.*" }).click();
	await page.keyboard.press("Escape");
	await dialog.getByRole("textbox", { name: "Condition on data" }).fill('{"title": {"like": "x"}}');
	await dialog.getByRole("button", { name: "Subscribe" }).click();
	await dialog.getByText("must be a value, a list, or one of in, prefix, exists").waitFor();
	await dialog.getByRole("textbox", { name: "Condition on data" }).fill('{"title": {"prefix": "Fewer"}}');
	await dialog.getByRole("button", { name: "Subscribe" }).click();
	await dialog.getByText("It is shown only this once").waitFor();
	const secret = await dialog.locator(".copy-value code").innerText();
	expect(secret).toMatch(/^whsec_/);
	await dialog.getByRole("button", { name: "I have copied it" }).click();

	const item = page.getByRole("listitem").filter({ hasText: "Team log" });
	await item.getByRole("button", { name: /Team log/ }).click();
	await item.getByRole("button", { name: "Send test" }).click();
	const row = item.getByRole("region", { name: "Log" }).getByRole("button", { name: /subscription\.test.*Delivered/ });
	await row.click();
	await item.getByRole("list", { name: "Attempts" }).waitFor();
	await owner.must("POST", `/projects/${owner.projectId}/goals`, { title: "Fewer calls" });
	await item.getByRole("button", { name: /goal\.created.*Delivered/ }).waitFor();
	await owner.must("POST", `/projects/${owner.projectId}/goals`, { title: "More joy" });

	await item.getByRole("button", { name: "New secret" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
	expect(await page.getByRole("dialog").locator(".copy-value code").innerText()).not.toBe(secret);
	await page.getByRole("dialog").getByRole("button", { name: "I have copied it" }).click();
	await item.getByText("signs as well").waitFor();
	await item.getByRole("button", { name: "Disable" }).click();
	await item.getByText("Paused").waitFor();
	expect(await item.getByRole("button", { name: /goal\.created.*Delivered/ }).count()).toBe(1);
});
