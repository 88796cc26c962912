import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const demo = useDemo();

/** Refuses everything for good until it is mended, and counts what it is sent. */
const startStrictAgent = async () => {
	const seen = new Map<string, number>();
	let mended = false;
	const server = createServer((request, response) => {
		request.resume();
		const id = String(request.headers["webhook-id"]);
		if (mended) seen.set(id, (seen.get(id) ?? 0) + 1);
		const said = mended ? { type: "answer", text: "Now it works." } : { error: "There is no model of that name" };
		response.writeHead(mended ? 200 : 400, { "content-type": "application/json" }).end(JSON.stringify(said));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	const mend = () => {
		mended = true;
	};
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen, mend };
};

test("what gave up is seen by cause, discarded and brought back, and sent again all at once", { timeout: 120_000 }, async () => {
	const page = await demo.enter("dead-letters");
	const agent = await startStrictAgent();
	const { owner } = demo;
	const project = `/projects/${owner.projectId}`;
	const { agentId, nodeId } = await addRoutedAgent(owner, agent.url);
	const many = 12;
	for (let count = 0; count < many; count += 1)
		await owner.must("POST", `${project}/requests`, { node_id: nodeId, question: `Question ${count}`, targets: [{ agent_id: agentId }] });
	const total = async () => (await owner.must<{ total: number }>("GET", `${project}/dead-letters/summary`)).total;
	await eventually("all have given up", async () => (await total()) === many);

	await page.getByRole("link", { name: "Dead letters" }).click();
	const cause = page.getByRole("listitem").filter({ hasText: "The receiver refused it" }).first();
	await cause.getByText("What to do: Read what the receiver said").waitFor();
	await page.getByText("Question to Double").first().click();
	await page.getByRole("list", { name: "Attempts" }).waitFor();
	await page.getByRole("button", { name: "Discard…" }).last().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "Why?" }).fill("Settled by phone");
	await dialog.getByRole("button", { name: "Discard", exact: true }).click();
	await page.getByRole("link", { name: "Discarded (1)" }).click();
	await page.getByText("Question to Double").click();
	await page.getByText(/^Discarded by .+: Settled by phone$/).waitFor();
	await page.getByRole("button", { name: "Bring back" }).click();
	await page.getByText("There is nothing here.").waitFor();
	await page.getByRole("link", { name: "Back to those that wait" }).click();

	agent.mend();
	await page.getByRole("button", { name: "Send all again…" }).click();
	await dialog.getByText(`${many} of ${many} will be sent again`).waitFor();
	await dialog.getByRole("textbox", { name: "At most in a second" }).fill("2");
	await dialog.getByRole("button", { name: `Send ${many} again` }).click();
	await page.getByRole("progressbar", { name: /^Sending again: [1-9]\d* of 12$/ }).waitFor();
	await page.getByRole("button", { name: "Pause" }).click();
	await page.reload();
	await page.getByRole("progressbar", { name: /^Paused: \d+ of 12$/ }).waitFor();
	await page.getByRole("button", { name: "Resume" }).click();
	await page.getByText("Nothing has given up").waitFor({ timeout: 60_000 });
	await page.getByText("The last one that ended").click();
	await page.getByText("Finished: 12 of 12 sent").waitFor();
	await eventually("each was sent once", async () => agent.seen.size === many);
	expect([...agent.seen.values()]).toEqual(Array(many).fill(1));
});
