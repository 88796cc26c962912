import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "@agentplanner/e2e/person";
import { launch, makeDataFolder } from "@agentplanner/e2e/product";
import { freePort } from "../../scripts/start/ports.ts";
import { eventually } from "../../scripts/testing/eventually.ts";
import type { Case } from "../case.ts";
import type { Figure, Figures } from "../support/figures.ts";

const patienceMs = 180_000;
const lookEveryMs = 20;

type Started = Figures & { page: number; answered: number };

const answers = async (url: string) => (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;

/** Asks the demo's echo agent and waits for its answer, as somebody would who has just started it. */
const askEcho = async (url: string, dataDir: string): Promise<void> => {
	const login = JSON.parse(readFileSync(join(dataDir, "demo-login.json"), "utf8")) as { email: string; password: string };
	const person = await signIn(url, login);
	const project = `/projects/${person.projectId}`;
	const { items } = await person.must<{ items: { id: string }[] }>("GET", `${project}/plans`);
	const { nodes } = await person.must<{ nodes: { id: string }[] }>("GET", `${project}/plans/${items[0]?.id}`);
	const asked = await person.must<{ id: string }>("POST", `${project}/requests`, { node_id: nodes[0]?.id, question: "Are you there?" });
	await eventually(
		"the echo agent's answer",
		async () => {
			const { request } = await person.must<{ request: { status: string } }>("GET", `${project}/requests/${asked.id}`);
			return request.status === "completed";
		},
		patienceMs,
		lookEveryMs,
	);
};

/** `npm start` on that folder: how long until the page answers, and until the first ask is answered. Stops it again. */
const startOnce = async (dataDir: string, engine: string): Promise<Started> => {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const begun = performance.now();
	const { child, exit, output } = launch("scripts/launch.mjs", ["--data", dataDir, "--port", String(port), "--engine", engine]);
	const ended = exit.then((code) => {
		throw new Error(`npm start ended with code ${code}:\n${output()}`);
	});
	ended.catch(() => {});
	const measure = async (): Promise<Started> => {
		await eventually("the page answers", () => answers(url), patienceMs, lookEveryMs);
		const page = performance.now() - begun;
		await askEcho(url, dataDir);
		return { page, answered: performance.now() - begun };
	};
	try {
		return await Promise.race([measure(), ended]);
	} finally {
		child.kill("SIGTERM");
		await exit;
	}
};

/** A first start on an empty folder and a second one on the same, several times. Nothing bare does as much, so there is no ratio. */
export const start: Case = async ({ engine, runs, quick }) => {
	const first: Started[] = [];
	const second: Started[] = [];
	const both = async () => {
		await using folder = new AsyncDisposableStack();
		const dataDir = makeDataFolder();
		folder.defer(() => rmSync(dataDir, { recursive: true, force: true }));
		return { first: await startOnce(dataDir, engine), second: await startOnce(dataDir, engine) };
	};
	const warm = await both();
	for (let run = 0; run < (quick ? 1 : runs); run += 1) {
		const starts = await both();
		first.push(starts.first);
		second.push(starts.second);
	}
	const figure = (name: string, times: number[]): Figure => ({ name, unit: "ms", better: "lower", ours: times, bare: [] });
	return {
		title: "d. npm start, installed before",
		about: ["first: on an empty data folder. second: on the same folder again. Until the page answers, and until the echo agent has."],
		figures: [
			figure(
				"first, page",
				first.map(({ page }) => page),
			),
			figure(
				"first, answer",
				first.map(({ answered }) => answered),
			),
			figure(
				"second, page",
				second.map(({ page }) => page),
			),
			figure(
				"second, answer",
				second.map(({ answered }) => answered),
			),
		],
		notes: [
			`The round before, which doesn't count and may have built the pages, took ${Math.round(warm.first.page)} ms until the page answered.`,
		],
	};
};
