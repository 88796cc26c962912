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
