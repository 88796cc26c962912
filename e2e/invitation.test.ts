import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { useDemo } from "./support/demo.ts";
import { fillSignIn } from "./support/visit.ts";

const demo = useDemo();

/** Another person's browser. */
const openBrowser = async (): Promise<Page> => {
	const page = await (await demo.openWindow()).newPage();
	page.setDefaultTimeout(15_000);
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(error.message));
	onTestFinished(() => expect(errors).toEqual([]));
	return page;
};

/** As the owner does it on the members page; answers with the link. */
const invite = async (email: string): Promise<string> => {
	const page = await openBrowser();
	await page.goto(`${demo.url}/projects/${demo.owner.projectId}/settings/members`);
	await fillSignIn(page, demo.login);
	await page.getByRole("button", { name: "Invite", exact: true }).click();
	await page.getByRole("dialog").getByLabel("E-mail").fill(email);
	await page.getByRole("button", { name: "Make the link" }).click();
	return (await page.getByRole("dialog").locator("code").textContent()) ?? "";
};

const rolesOf = async (email: string) => {
	const path = `/projects/${demo.owner.projectId}/members`;
	const { items } = await demo.owner.must<{ items: { email: string; role: string }[] }>("GET", path);
	return items.filter((member) => member.email === email).map(({ role }) => role);
};

test("an invited person makes an account from the link, and is in the project with the role; the link works once", async () => {
	const link = await invite("grace@example.org");
	const requests: string[] = [];
	const page = await openBrowser();
	page.on("request", (request) => requests.push(request.url()));
	await page.goto(link);
	await page.getByRole("heading", { name: /invited you to / }).waitFor();
	await page.getByText("You would be an editor").waitFor();
	expect(await page.getByLabel("E-mail").inputValue()).toBe("grace@example.org");
	await page.getByLabel("Name").fill("Grace");
	await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
	await page.getByRole("button", { name: "Create account and join" }).click();
	await page.getByRole("tree", { name: "Launch the spring release" }).waitFor();
	expect(page.url()).toContain(`/projects/${demo.owner.projectId}`);
	expect(await rolesOf("grace@example.org")).toEqual(["editor"]);
	// What is behind the # is the key to the project: no server's log may have it.
	expect(requests.filter((url) => url.includes("inv_"))).toEqual([]);

	const other = await openBrowser();
	await other.goto(link);
	await other.getByText("This invitation was accepted already").waitFor();
	await page.goto(link);
	await page.getByText("This invitation was accepted already").waitFor();
	await page.getByRole("link", { name: "Open AgentPlanner" }).waitFor();
	expect(await page.evaluate(() => document.body.innerText)).not.toContain("invited you to");
});

test("somebody with an account signs in on the link, and accepts; somebody else's account can't", async () => {
	const invited = { email: "alan@example.org", name: "Alan", password: "correct horse battery" };
	const first = await demo.owner.must<{ token: string }>("POST", `/projects/${demo.owner.projectId}/invitations`, {
		email: invited.email,
		role: "viewer",
	});
	const body = JSON.stringify({ ...invited, invitation_token: first.token });
	const headers = { "content-type": "application/json" };
	const made = await fetch(`${demo.url}/api/v1/auth/register`, { method: "POST", headers, body });
	const { user } = (await made.json()) as { user: { id: string } };
	await demo.owner.must("DELETE", `/projects/${demo.owner.projectId}/members/${user.id}`);
	expect(await rolesOf(invited.email)).toEqual([]);

	const link = await invite(invited.email);
	const page = await openBrowser();
	await page.goto(link);
	await page.getByRole("textbox", { name: "Password" }).fill("wrong password");
	await page.getByRole("button", { name: "Sign in and accept" }).click();
	await page.getByText("The e-mail address or the password is wrong.").waitFor();
	await page.getByRole("textbox", { name: "Password" }).fill(invited.password);
	await page.getByRole("button", { name: "Sign in and accept" }).click();
	await page.getByRole("tree", { name: "Launch the spring release" }).waitFor();
	expect(await rolesOf(invited.email)).toEqual(["editor"]);

	await demo.owner.must("DELETE", `/projects/${demo.owner.projectId}/members/${user.id}`);
	const forOthers = await invite("somebody@example.org");
	await page.goto(forOthers);
	await page.getByText("It is for somebody@example.org").waitFor();
	await page.getByRole("button", { name: "Sign out" }).click();
	await page.getByRole("button", { name: "Create account and join" }).waitFor();
});

test("a withdrawn, expired or broken link says so", async () => {
	const link = await invite("late@example.org");
	const { items } = await demo.owner.must<{ items: { id: string; email: string }[] }>(
		"GET",
		`/projects/${demo.owner.projectId}/invitations`,
	);
	const id = items.find(({ email }) => email === "late@example.org")?.id;
	await demo.owner.must("DELETE", `/projects/${demo.owner.projectId}/invitations/${id}`);
	const page = await openBrowser();
	await page.goto(link);
	await page.getByText("This invitation was withdrawn").waitFor();
	await page.goto("about:blank");
	await page.goto(link.slice(0, -3));
	await page.getByText("This link is not whole").waitFor();
});

test("an invitation to a plan names it, who invited and the role, and leads to it; a guest joins a second one by its link", async () => {
	const path = `/projects/${demo.owner.projectId}/plans`;
	const inviteTo = async (title: string) => {
		const plan = await demo.owner.must<{ id: string }>("POST", path, { title });
		const body = { email: "edda@example.org", role: "viewer" };
		const { invitation } = await demo.owner.must<{ invitation: { token: string } }>("POST", `${path}/${plan.id}/collaborators`, body);
		return `${demo.url}/invitation#${invitation.token}`;
	};
	const links = [await inviteTo("The first"), await inviteTo("The second")];
	const page = await openBrowser();
	await page.goto(links[0] ?? "");
	await page.getByRole("heading", { name: "Demo invited you to the plan “The first”" }).waitFor();
	await page.getByText("You would be a viewer of this plan, who reads along.").waitFor();
	await page.getByLabel("Name").fill("Edda");
	await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
	await page.getByRole("button", { name: "Create account and join" }).click();
	await page.getByRole("heading", { name: "The first", exact: true }).waitFor();
	await page.goto(links[1] ?? "");
	await page.getByRole("button", { name: "Accept and open the plan" }).click();
	await page.getByRole("heading", { name: "The second", exact: true }).waitFor();
});
