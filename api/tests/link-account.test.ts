import { randomUUID } from "node:crypto";
import type { ProjectContext } from "@agentplanner/core";
import { buildIntegration, buildProject } from "@agentplanner/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLinkToken } from "../../core/src/users/link-token.ts";
import { startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ctx: ProjectContext;
let integration: Awaited<ReturnType<typeof buildIntegration>>;
beforeAll(async () => {
	api = await startApi();
	ctx = { ...(await buildProject(api.db, "Launch")), keys: api.core.keys };
	integration = await buildIntegration(api.db, ctx.projectId, undefined, { externalAccount: randomUUID() });
});
afterAll(() => api.close());

/** Somebody with an account, in the project or not. */
const signUp = async (role: "viewer" | null) => {
	const caller = await api.signUp();
	if (role)
		await api.db.pool.query("insert into project_members (project_id, user_id, role) values ($1, $2, $3)", [
			ctx.projectId,
			caller.session.user.id,
			role,
		]);
	return caller;
};

const tokenFor = (externalUserId: string, at = new Date()) =>
	createLinkToken(
		{ ...ctx, now: () => at },
		{ integrationId: integration.id, externalAccount: integration.externalAccount ?? "", externalUserId, name: "Grace H." },
	);

const path = "/api/v1/auth/linked-accounts";

test("a link is looked at, and followed by a POST; then it stands among my accounts", async () => {
	const member = await signUp("viewer");
	const body = { token: await tokenFor("U1") };
	const link = { adapter: "webhook", name: "Grace H.", project: { id: ctx.projectId, name: "Launch" } };
	expect(await member.call("POST", `${path}/preview`, { body })).toMatchObject({ status: 200, body: { ...link, linked: false } });
	expect((await member.call("GET", path)).body.items).toEqual([]);
	expect(await member.call("POST", path, { body })).toMatchObject({ status: 200, body: { ...link, linked: true } });
	expect((await member.call("GET", path)).body.items).toMatchObject([{ provider: "webhook", external_user_id: "U1", name: "Grace H." }]);
});

test("what is wrong with a link is said with what to do", async () => {
	const [member, second, stranger] = [await signUp("viewer"), await signUp("viewer"), await signUp(null)];
	const token = await tokenFor("U2");
	await member.call("POST", path, { body: { token } });
	const detailOf = async (caller: typeof member, given: string, status: number) => {
		const reply = await caller.call("POST", path, { body: { token: given } });
		expect(reply).toMatchObject({ status });
		return reply.body as { detail: string; errors?: unknown };
	};
	expect((await detailOf(second, token, 409)).detail).toContain("linked to somebody else's account here");
	expect((await detailOf(member, await tokenFor("U3"), 409)).detail).toContain("Unlink that one in your account first");
	expect((await detailOf(stranger, token, 403)).detail).toContain("no member of the project");
	expect(await detailOf(second, await tokenFor("U4", new Date(Date.now() - 16 * 60_000)), 422)).toMatchObject({
		detail: "This link was good for 15 minutes. Press the button there again for a new one.",
		errors: [{ field: "body.token" }],
	});
	expect(await detailOf(second, `${token.slice(0, -3)}xyz`, 422)).toMatchObject({ errors: [{ field: "body.token" }] });
});
