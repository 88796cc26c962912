import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { useDemo } from "./support/demo.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const demo = useDemo();

/** Refuses what is too long, and keeps what it was sent. */
const startShortAgent = async () => {
	const sent: { id: string; body: string }[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const body = Buffer.concat(chunks).toString();
		sent.push({ id: String(request.headers["webhook-id"]), body });
		const tooLong = JSON.parse(body).data?.question?.includes("at length");
		const said = tooLong ? { error: "The question is too long" } : { type: "answer", text: "Two." };
		response.writeHead(tooLong ? 400 : 200, { "content-type": "application/json" }).end(JSON.stringify(said));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sent };
};

test("one that gave up is edited and sent again, and compared with what was sent before", { timeout: 120_000 }, async () => {
	const page = await demo.enter("edit and send again");
	const agent = await startShortAgent();
	const { owner } = demo;
	const project = `/projects/${owner.projectId}`;
	const { agentId, nodeId } = await addRoutedAgent(owner, agent.url);
	const question = { node_id: nodeId, question: "Tell me at length:\nhow many?", targets: [{ agent_id: agentId }] };
	const { id } = await owner.must<{ id: string }>("POST", `${project}/requests`, question);
	await page.goto(`${demo.url}${project}/requests/${id}`);
	const first = page.getByRole("listitem").filter({ hasText: "No more attempts by itself" });

	await first.getByRole("button", { name: "What was sent" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("how many?").waitFor();
	await dialog.getByText(/"reply_token": "•••"/).waitFor();
	await dialog.getByText(`(${Buffer.byteLength(agent.sent[0]?.body ?? "")} bytes)`, { exact: false }).waitFor();
	await dialog.getByRole("button", { name: "Close" }).click();

	await first.getByRole("button", { name: "Edit…" }).click();
	await dialog.getByRole("textbox", { name: "Question" }).fill("In one word:\nhow many?");
	await dialog.getByRole("button", { name: "Send again" }).click();
	await page.getByText("Edited and sent again.").waitFor();
	await page.getByText("Two.").first().waitFor();

	const copy = page.getByRole("listitem").filter({ hasText: "an edited copy of one that gave up" });
	await copy.getByRole("button", { name: "What was sent" }).click();
	await dialog.getByText("Added: ").first().waitFor({ state: "attached" });
	const lines = await dialog.getByRole("region", { name: "Difference to what was sent before" }).locator(".diff-line").allInnerTexts();
	expect(lines.join("\n")).toMatch(/-[^+]*Tell me at length:[\s\S]*\+[^-]*In one word:/);
	expect(agent.sent).toHaveLength(2);
	expect(agent.sent[0]?.id).not.toBe(agent.sent[1]?.id);
});
