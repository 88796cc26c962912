import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";
import { join, joinPlan } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { signIn } from "./support/person.ts";
import { fillSignIn, settle } from "./support/visit.ts";

const demo = useDemo();

type Login = { email: string; password: string };

const signedIn = async (login: Login, name: string): Promise<Page> => {
	const page = await openPage(await demo.openWindow(), name, [400, 404, 409, 412]);
	await page.goto(demo.url);
	await fillSignIn(page, login);
	await page.getByRole("navigation", { name: "Plans" }).waitFor();
	return page;
};

type Row = { id: string; title: string };
const project = () => `/projects/${demo.owner.projectId}`;
const makePlan = async (title: string, more: Record<string, unknown> = {}) => {
	const plan = await demo.owner.must<Row>("POST", `${project()}/plans`, { title, ...more });
	const node = await demo.owner.must<Row>("POST", `${project()}/plans/${plan.id}/nodes`, { title: `Task of ${title}` });
	return { ...plan, nodeId: node.id };
};

test("a guest who edits one plan is offered what an editor is, and leads nowhere that is closed to guests", async () => {
	const shared = await makePlan("Shared with Greta");
	await makePlan("For members alone");
	const greta = await joinPlan(demo.url, demo.owner, shared.id, { email: "greta@example.org", name: "Greta", role: "editor" });
	const page = await signedIn(greta.login, "guest-edits");
	await page.getByRole("tree", { name: "Shared with Greta" }).waitFor();
	expect(await page.getByRole("navigation", { name: "Plans" }).getByRole("link").allInnerTexts()).toEqual(["Shared with Greta"]);
	expect(await page.getByRole("navigation", { name: "Sections" }).getByRole("link").allInnerTexts()).not.toContain("Integrations");
	expect(await page.getByRole("button", { name: "New plan" }).count()).toBe(0);

	await page.getByRole("treeitem", { name: "Task of Shared with Greta" }).click();
	const panel = page.getByRole("complementary", { name: "Task of Shared with Greta" });
	await panel.getByRole("button", { name: "Request a decision" }).waitFor();
	const comment = panel.getByRole("textbox", { name: "Your comment" });
	await comment.fill("Is that all?");
	await comment.press("Control+Enter");
	await panel.getByRole("article", { name: "Comment by Greta" }).waitFor();
	await panel.getByRole("combobox", { name: "Assigned to" }).click();
	await page.getByRole("option", { name: "Greta" }).click();
	await page.keyboard.press("Escape");
	await panel.getByRole("button", { name: "Ask Agent" }).click();
	await page.getByRole("dialog").getByRole("textbox", { name: "Question" }).fill("What is missing?");
	await page.getByRole("dialog").getByRole("button", { name: "Ask", exact: true }).click();
	await panel.getByRole("article", { name: /^Request: What is missing/ }).waitFor();

	for (const { text, path } of await page
		.getByRole("navigation", { name: "Sections" })
		.getByRole("link")
		.evaluateAll((links) => links.map((link) => ({ text: link.textContent, path: link.getAttribute("href") })))) {
		await page.goto(demo.url + path);
		await settle(page);
		expect(await page.getByRole("alert").count(), `${text} is closed to guests`).toBe(0);
	}
	expect(await page.getByRole("navigation", { name: "Settings" }).getByRole("link").allInnerTexts()).toEqual(["Project", "Account"]);
});

test("a guest who may only read is offered nothing else, and in an archived plan nobody is", async () => {
	const shared = await makePlan("Shared with Reto");
	const reto = await joinPlan(demo.url, demo.owner, shared.id, { email: "reto@example.org", name: "Reto", role: "viewer" });
	const page = await signedIn(reto.login, "guest-reads");
	await page.getByRole("treeitem", { name: "Task of Shared with Reto" }).click();
	await page.getByText("You are a viewer here").waitFor();
	expect(await page.getByRole("button", { name: "Add phase" }).count()).toBe(0);
	expect(await page.getByRole("button", { name: "Ask Agent" }).isDisabled()).toBe(true);
	const { items } = await demo.owner.must<{ items: { user_id: string; name: string }[] }>(
		"GET",
		`${project()}/plans/${shared.id}/collaborators`,
	);
	const id = items.find(({ name }) => name === "Reto")?.user_id;
	await demo.owner.must("PATCH", `${project()}/plans/${shared.id}/collaborators/${id}`, { role: "editor" });
	await page.reload();
	await page.getByRole("button", { name: "Add phase" }).waitFor();
	await demo.owner.must("PATCH", `${project()}/plans/${shared.id}`, { status: "archived" });
	await page.reload();
	await page.getByText("This plan is archived").waitFor();
	expect(await page.getByRole("button", { name: "Add phase" }).count()).toBe(0);
});

test("a plan's description is added and edited above its tree, and shown at once to those who may only read it", async () => {
	const plan = await makePlan("To be described");
	const path = `${project()}/plans/${plan.id}`;
	const rita = await joinPlan(demo.url, demo.owner, plan.id, { email: "rita@example.org", name: "Rita", role: "viewer" });
	const reader = await signedIn(rita.login, "description-read");
	await reader.getByRole("tree", { name: "To be described" }).waitFor();
	const page = await signedIn(demo.login, "description");
	await page.goto(demo.url + path);
	await page.getByRole("button", { name: "Add description" }).click();
	await page.keyboard.type("For **every** release.");
	await page.keyboard.press("ControlOrMeta+Enter");
	await page.locator("strong", { hasText: "every" }).waitFor();
	await reader.locator("strong", { hasText: "every" }).waitFor();
	expect(await reader.getByRole("button", { name: /description/ }).count()).toBe(0);

	await page.getByRole("button", { name: "Edit description" }).click();
	const text = page.getByRole("textbox", { name: "Description" });
	await text.fill("Mine");
	// Another field of the plan is no conflict.
	await demo.owner.must("PATCH", path, { title: "Described" });
	await text.press("ControlOrMeta+Enter");
	await reader.getByText("Mine", { exact: true }).waitFor();
	await page.getByText("Mine", { exact: true }).click();
	await text.fill("Mine again");
	await demo.owner.must("PATCH", path, { description: "Theirs" });
	await text.press("ControlOrMeta+Enter");
	const clash = page.getByRole("alert").filter({ hasText: "Somebody else changed this while you were editing" });
	await clash.filter({ hasText: "Theirs" }).waitFor();
	await clash.getByRole("button", { name: "Save mine" }).click();
	await reader.getByText("Mine again").waitFor();
	const { plan: saved } = await demo.owner.must<{ plan: { title: string; description: string } }>("GET", path);
	expect(saved).toMatchObject({ title: "Described", description: "Mine again" });
});

test("a plan that is no longer shared leaves the page of the guest who has it open", async () => {
	const plan = await makePlan("Shared for a while");
	const lena = await joinPlan(demo.url, demo.owner, plan.id, { email: "lena@example.org", name: "Lena", role: "editor" });
	const page = await signedIn(lena.login, "guest-removed");
	await page.getByRole("treeitem", { name: "Task of Shared for a while" }).click();
	await page.getByRole("button", { name: "Add phase" }).waitFor();
	const collaborators = `${project()}/plans/${plan.id}/collaborators`;
	const { items } = await demo.owner.must<{ items: { user_id: string; name: string }[] }>("GET", collaborators);
	await demo.owner.must("DELETE", `${collaborators}/${items.find(({ name }) => name === "Lena")?.user_id}`);
	await page.getByRole("tree").waitFor({ state: "detached" });
	await page.getByRole("alert").filter({ hasText: "does not exist, or you may not see it" }).waitFor();
	await page.getByRole("link", { name: "Shared for a while" }).waitFor({ state: "detached" });
});

test("a plan is archived, duplicated, deleted and taken back from the list", async () => {
	const plan = await makePlan("To be listed");
	const page = await signedIn(demo.login, "plan-list");
	const rows = page.getByRole("list", { name: "Plans" }).getByRole("listitem");
	const row = rows.filter({ has: page.getByRole("link", { name: "To be listed", exact: true }) });
	const choose = async (item: string) => {
		await row.getByRole("button", { name: "More for To be listed" }).click();
		await page.getByRole("menuitem", { name: item }).click();
	};
	await page.getByRole("link", { name: "Plans", exact: true }).click();
	await row.getByText("Active").waitFor();
	await row.getByText("0 of 1 completed").waitFor({ state: "attached" });
	await choose("Archived");
	await row.getByText("Archived").waitFor();
	await page.getByRole("combobox", { name: "Filter by status" }).click();
	await page.getByRole("option", { name: "Archived" }).click();
	expect(new URL(page.url()).search).toBe("?status=archived");
	await rows.filter({ hasText: "Launch the spring release" }).waitFor({ state: "detached" });
	await choose("Active");
	await row.waitFor({ state: "detached" });
	await page.getByLabel("Show all states").click();

	const focused = () => page.evaluate(() => document.activeElement?.textContent);
	const titles = await rows.getByRole("link").allTextContents();
	const at = titles.indexOf("To be listed");
	await choose("Delete");
	await row.waitFor({ state: "detached" });
	expect(await focused()).toBe(titles[at + 1] ?? titles[at - 1]);
	await page.getByRole("group", { name: "Deleted plan" }).getByRole("button", { name: "Undo" }).click();
	await row.waitFor();
	expect(await focused()).toBe("To be listed");
	await choose("Delete");
	await page.getByRole("link", { name: "Deleted plans" }).click();
	const deleted = page.getByRole("list", { name: "Deleted plans" }).getByRole("listitem").filter({ hasText: "To be listed" });
	await deleted.getByText("removed for good on").waitFor();
	await deleted.getByRole("button", { name: "Restore To be listed" }).click();
	await deleted.waitFor({ state: "detached" });
	expect(await focused()).toMatch(/^(Restore|Deleted plans)$/);
	await page.getByRole("link", { name: "All plans" }).click();

	await choose("Duplicate…");
	await page.getByRole("dialog").getByRole("textbox", { name: "Title" }).fill("The copy");
	await page.getByRole("dialog").getByRole("button", { name: "Duplicate" }).click();
	await page.getByRole("tree", { name: "The copy" }).getByText("Task of To be listed").waitFor();
	// From the plan's own page, too, which is gone then.
	await page.getByRole("button", { name: "More for The copy" }).click();
	await page.getByRole("menuitem", { name: "Delete" }).click();
	await page.getByText("“The copy” is deleted").waitFor();
	expect(new URL(page.url()).pathname).toBe(`${project()}/plans`);

	await page.getByRole("list", { name: "Plans" }).getByRole("link", { name: "To be listed", exact: true }).click();
	await page.getByRole("tree", { name: "To be listed" }).waitFor();
	await demo.owner.must("DELETE", `${project()}/plans/${plan.id}`);
	await page.getByRole("alert").waitFor();
	expect(await page.getByRole("tree").count()).toBe(0);
});

test("a plan is shared by e-mail and by a link, and no longer", async () => {
	const plan = await makePlan("To be shared");
	const page = await signedIn(demo.login, "share");
	await page.goto(`${demo.url}${project()}/plans/${plan.id}`);
	await page.getByRole("button", { name: "Share", exact: true }).click();
	const dialog = page.getByRole("dialog");
	const share = async (email: string) => {
		await dialog.getByRole("textbox", { name: "E-mail" }).fill(email);
		await dialog.getByRole("button", { name: "Share", exact: true }).click();
	};
	await share("not an address");
	await eventually(
		"the field says so",
		async () => (await dialog.getByRole("textbox", { name: "E-mail" }).getAttribute("aria-invalid")) === "true",
	);
	await share("sam@example.org");
	const links = dialog.locator(".copy-value code", { hasText: `${demo.url}/invitation#inv_` });
	const invited = dialog.getByRole("list", { name: "Invited" }).getByRole("listitem");
	await invited.getByText("sam@example.org").waitFor();
	const [link] = await links.allInnerTexts();
	await share("tom@example.org");
	await dialog.getByText("Send this link to tom@example.org yourself").waitFor();
	expect(await links.allInnerTexts()).toEqual([expect.not.stringMatching(link ?? ""), link]);
	await page.keyboard.press("Escape");
	await invited.getByRole("button", { name: "Revoke the invitation of tom@example.org" }).click();
	await dialog.getByText("Send this link to tom@example.org yourself").waitFor({ state: "detached" });
	expect(await links.allInnerTexts()).toEqual([link]);

	const { login } = await join(demo.url, demo.owner, { email: "mona@example.org", name: "Mona", role: "viewer" });
	await share("mona@example.org");
	const mona = dialog.getByRole("list", { name: "Shared with" }).getByRole("listitem").filter({ hasText: "Mona" });
	await mona.waitFor();
	await share("mona@example.org");
	await dialog.getByText("The plan is shared with this account already").waitFor();
	await mona.getByRole("combobox", { name: "Role of Mona" }).click();
	await page.getByRole("option", { name: "Admin" }).click();
	await eventually("Mona may share it", async () => {
		const theirs = await signIn(demo.url, login);
		return (await theirs.request("GET", `${project()}/plans/${plan.id}/public-link`)).status === 200;
	});
	await mona.getByRole("button", { name: "Make Mona the owner…" }).click();
	await mona.getByRole("button", { name: "Make Mona the owner", exact: true }).click();
	await mona.getByText("Owner", { exact: true }).waitFor();
	const before = dialog.getByRole("list", { name: "Shared with" }).getByRole("listitem").filter({ hasText: "you" });
	await before.getByRole("button", { name: /^Make .* the owner…$/ }).click();
	await before.getByRole("button", { name: /^Make .* the owner$/ }).click();
	await mona.getByRole("button", { name: "Remove Mona" }).click();
	await mona.waitFor({ state: "detached" });
	await invited.getByRole("button", { name: "Revoke the invitation of sam@example.org" }).click();
	await invited.waitFor({ state: "detached" });

	await dialog.getByRole("radio", { name: "Public link" }).click();
	const shown = dialog.locator(".public-link code");
	const first = (await shown.textContent()) ?? "";
	await dialog.getByRole("button", { name: "New link…" }).click();
	await dialog.getByRole("button", { name: "Make a new one" }).click();
	const second = await eventually("another link is shown", async () => {
		const text = await shown.textContent();
		return text !== first && text;
	});
	const statusOf = async (address: string) => (await fetch(address.replace("/public/", "/api/v1/public/plans/"))).status;
	expect([await statusOf(first), await statusOf(second)]).toEqual([404, 200]);
	await dialog.getByRole("radio", { name: "Private" }).click();
	await dialog.getByRole("button", { name: "End the link" }).click();
	await shown.waitFor({ state: "detached" });
	expect(await statusOf(second)).toBe(404);
});

test("a public link shows the plan to somebody without an account, and nothing else; ended it says so", async () => {
	const plan = await makePlan("Seen by everybody", { description: "With **care**." });
	const phase = await demo.owner.must<Row>("POST", `${project()}/plans/${plan.id}/nodes`, { title: "The phase", kind: "phase" });
	const child = await demo.owner.must<Row>("POST", `${project()}/plans/${plan.id}/nodes`, { title: "Done", parent_id: phase.id });
	await demo.owner.must("PUT", `${project()}/nodes/${child.id}/status`, { status: "completed" });
	await demo.owner.must("PUT", `${project()}/plans/${plan.id}/visibility`, { visibility: "public" });
	const { key } = await demo.owner.must<{ key: string }>("GET", `${project()}/plans/${plan.id}/public-link`);
	const page = await openPage(await demo.openWindow(), "public", [404]);
	const asked: string[] = [];
	page.on("request", (request) => asked.push(new URL(request.url()).pathname));
	const answer = await page.goto(`${demo.url}/public/${key}`);
	expect(answer?.headers()["x-robots-tag"]).toBe("noindex, nofollow");
	await page.getByRole("heading", { name: "Seen by everybody" }).waitFor();
	await page.locator(".markdown strong", { hasText: "care" }).waitFor();
	await page.getByRole("list", { name: "The phase" }).getByText("Done").waitFor();
	await page.getByText("1 of 2 completed").first().waitFor({ state: "attached" });
	expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
	await demo.owner.must("POST", `${project()}/plans/${plan.id}/nodes`, { title: "Added meanwhile" });
	await page.getByRole("main").getByText("Added meanwhile").waitFor();
	expect(new Set(asked.filter((path) => path.startsWith("/api/")))).toEqual(new Set([`/api/v1/public/plans/${key}`]));
	await demo.owner.must("DELETE", `${project()}/plans/${plan.id}`);
	await page.getByText("This link shows nothing any more").waitFor();
});
