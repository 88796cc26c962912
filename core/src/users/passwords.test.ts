import { lookup } from "node:dns/promises";
import { expect, test } from "vitest";
import { hashPassword, isPasswordOf } from "./passwords.ts";

test("of sixty sign-ins at once a few are served, the rest is refused at once, and threads stay free for others", async () => {
	const startedAt = performance.now();
	let ended = 0;
	const tries = Array.from({ length: 60 }, () => isPasswordOf(null, "wrong").finally(() => ended++));
	const settled = Promise.allSettled(tries);
	// Resolving a name takes a thread of the same pool.
	await lookup("localhost");
	expect(ended).toBeLessThan(46);
	const results = await settled;
	expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(18);
	for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "limit_exceeded" });
	expect(performance.now() - startedAt).toBeLessThan(10_000);
});

test("places are given back, also by what fails", async () => {
	for (let round = 0; round < 3; round += 1) await expect(isPasswordOf("no hash", 7 as unknown as string)).rejects.toThrow();
	const hash = await hashPassword("correct horse");
	expect(await Promise.all([isPasswordOf(hash, "correct horse"), isPasswordOf(hash, "wrong horse")])).toEqual([true, false]);
});
