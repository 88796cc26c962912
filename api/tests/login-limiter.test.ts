import { UnauthorizedError } from "@agentplanner/core";
import { expect, test } from "vitest";
import { createLoginLimiter } from "../src/http/login-limiter.ts";

const wrong = () => Promise.reject(new UnauthorizedError("wrong"));
const right = () => Promise.resolve("in");
const isFailure = (error: unknown) => error instanceof UnauthorizedError;

test("a hundred failures with any accounts stop an address and no other; what succeeds or breaks doesn't count", async () => {
	const limiter = createLoginLimiter();
	const attempt = (email: string, address: string, login: () => Promise<unknown>) => limiter.attempt(email, address, login, isFailure);
	for (let time = 0; time < 99; time += 1) await expect(attempt(`a-${time}`, "one", wrong)).rejects.toThrow("wrong");
	for (let time = 0; time < 20; time += 1) {
		expect(await attempt("ada", "one", right)).toBe("in");
		await expect(attempt("ada", "one", () => Promise.reject(new Error("database away")))).rejects.toThrow("database away");
	}
	await limiter.countSignUp("one");
	await expect(attempt("ada", "one", right)).rejects.toMatchObject({ code: "limit_exceeded" });
	await expect(limiter.countSignUp("one")).rejects.toMatchObject({ code: "limit_exceeded" });
	expect(await attempt("ada", "two", right)).toBe("in");
});

test("an IPv6 address counts with its whole /64, and one of IPv4 as itself however it is written", async () => {
	const limiter = createLoginLimiter();
	const attempt = (address: string, login = wrong) => limiter.attempt("ada", address, login, isFailure);
	for (let time = 0; time < 10; time += 1) await expect(attempt(`2001:db8:0:7:${time}::1`)).rejects.toThrow("wrong");
	await expect(attempt("2001:DB8::7:ffff:0:0:9")).rejects.toMatchObject({ code: "limit_exceeded" });
	await expect(attempt("2001:db8:0:8::1")).rejects.toThrow("wrong");
	for (let time = 0; time < 10; time += 1) await expect(attempt("::ffff:198.51.100.7")).rejects.toThrow("wrong");
	await expect(attempt("198.51.100.7")).rejects.toMatchObject({ code: "limit_exceeded" });
	await expect(attempt("198.51.100.8")).rejects.toThrow("wrong");
});

test("a hundred failures with one account stop it from everywhere, and no other account", async () => {
	const limiter = createLoginLimiter();
	for (let time = 0; time < 100; time += 1)
		await expect(limiter.attempt("Ada", `198.51.100.${time}`, wrong, isFailure)).rejects.toThrow("wrong");
	await expect(limiter.attempt("ada", "203.0.113.9", right, isFailure)).rejects.toMatchObject({ code: "limit_exceeded" });
	expect(await limiter.attempt("eve", "203.0.113.9", right, isFailure)).toBe("in");
});
