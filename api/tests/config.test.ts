import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingsError } from "@agentplanner/core";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { createSessionCookie } from "../src/http/session-cookie.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const least = { DATABASE_URL: "postgres://a:b@localhost:5432/c", ENCRYPTION_KEY: key };

const problemsOf = (env: Record<string, string>): readonly string[] => {
	try {
		loadConfig(env);
	} catch (error) {
		if (error instanceof SettingsError) return error.problems;
		throw error;
	}
	return [];
};

describe("the settings", () => {
	test("need a database and a key; the rest has defaults", () => {
		const config = loadConfig(least);
		expect(config).toMatchObject({
			databaseUrl: least.DATABASE_URL,
			http: { port: 3000, host: "127.0.0.1", publicUrl: "http://localhost:3000" },
			session: { cookieName: "sid" },
			signup: "invitation",
			logLevel: "info",
		});
		expect(config.http.frontendDir).toMatch(/\/frontend\/dist$/);
		expect(Object.isFrozen(config) && Object.isFrozen(config.http) && Object.isFrozen(config.session)).toBe(true);
	});

	test("are refused with all problems at once, each with its remedy", () => {
		const problems = problemsOf({
			ENCRYPTION_KEY: "short",
			PORT: "99999",
			PUBLIC_URL: "planner",
			SIGNUP: "closed",
			LOG_LEVEL: "loud",
			SESSION_COOKIE_NAME: "a b",
			REDIS_URL: "redis://x",
			REDIS_HOST: "x",
		});
		expect(problems).toHaveLength(8);
		expect(problems.join("\n")).toMatch(/needs no Redis.*REDIS_URL, REDIS_HOST/);
		expect(problems.join("\n")).toMatch(/DATABASE_URL is missing.*npm start/);
		expect(problems.join("\n")).toMatch(/openssl rand -base64 32/);
	});

	test("are refused where a key has 32 characters instead of 32 bytes, or a database is no PostgreSQL", () => {
		expect(problemsOf({ ...least, ENCRYPTION_KEY: "x".repeat(32) })).toHaveLength(1);
		expect(problemsOf({ ...least, DATABASE_URL: "mysql://a@b/c" })).toHaveLength(1);
		expect(problemsOf({ ...least, PORT: "" })).toEqual([]);
		expect(problemsOf({ ...least, PORT: "80.5" })).toHaveLength(1);
	});

	test("take secrets from files, and say so when a file can't be read or is one of two sources", () => {
		const file = join(mkdtempSync(join(tmpdir(), "agentplanner-config-")), "key");
		writeFileSync(file, `${key}\n`);
		const { DATABASE_URL } = least;
		expect(loadConfig({ DATABASE_URL, ENCRYPTION_KEY_FILE: file }).encryptionKey).toBe(key);
		expect(problemsOf({ DATABASE_URL, ENCRYPTION_KEY_FILE: "/nonexistent" })).toEqual([
			expect.stringMatching(/^ENCRYPTION_KEY_FILE can't be read/),
		]);
		expect(problemsOf({ ...least, ENCRYPTION_KEY_FILE: file })).toEqual([expect.stringContaining("both set")]);
	});

	test("refuse a public address with a user or a query; one in capitals is as good", () => {
		for (const url of ["https://ada:x@planner.example.org", "https://planner.example.org/?a=1", "https://planner.example.org/#a"])
			expect(problemsOf({ ...least, PUBLIC_URL: url }), url).toEqual([expect.stringContaining("no user, password, query")]);
		const { http } = loadConfig({ ...least, PUBLIC_URL: "HTTPS://Planner.example.org" });
		const until = new Date(Date.now() + 60_000).toISOString();
		expect(createSessionCookie("sid", http.publicUrl).start("token", until)).toContain("Secure");
	});

	test("name the proxies whose word for a client's address counts: by default those of this machine", () => {
		expect(loadConfig(least).http.trustedProxies).toEqual(["loopback"]);
		const TRUSTED_PROXIES = "uniquelocal, 10.1.0.0/16,fd00::/8,192.0.2.7";
		expect(loadConfig({ ...least, TRUSTED_PROXIES }).http.trustedProxies).toEqual(TRUSTED_PROXIES.split(/, ?/));
		for (const wrong of ["true", "1", "loopback,,", "10.1.0.0/33", "10.1/16", "0.0.0.0/0", "planner.example.org"])
			expect(problemsOf({ ...least, TRUSTED_PROXIES: wrong }), wrong).toHaveLength(1);
	});

	test("turn GitHub on with both halves, or leave it off; half of it is a problem beside the others", () => {
		expect(loadConfig({ ...least, GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: " " }).github).toBeNull();
		const whole = { ...least, GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };
		expect(loadConfig(whole).github).toEqual({ clientId: "id", clientSecret: "secret", url: "https://github.com" });
		expect(loadConfig({ ...whole, GITHUB_URL: "https://Git.example.org/" }).github?.url).toBe("https://git.example.org");
		for (const half of [{ GITHUB_CLIENT_ID: "id" }, { GITHUB_CLIENT_SECRET: "secret" }])
			expect(problemsOf({ ...least, ...half })).toEqual([expect.stringContaining("belong together")]);
		expect(problemsOf({ GITHUB_CLIENT_ID: "id", PORT: "99999" })).toHaveLength(4);
		for (const wrong of ["github.com", "ftp://github.com", "https://github.com/login", "https://a:b@github.com", "https://github.com/?a"])
			expect(problemsOf({ ...whole, GITHUB_URL: wrong }), wrong).toHaveLength(1);
	});

	test("keep the public address without a slash at its end", () => {
		expect(loadConfig({ ...least, PUBLIC_URL: "https://planner.example.org/" }).http.publicUrl).toBe("https://planner.example.org");
	});
});
