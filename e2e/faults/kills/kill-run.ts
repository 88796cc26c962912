import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { OwnHatchet } from "../../support/breakable-hatchet.ts";
import { type Accepted, askCarefully } from "../../support/careful-client.ts";
import { queryAt } from "../../support/database.ts";
import type { EngineUnderTest } from "../../support/engine-under-test.ts";
import { signIn } from "../../support/person.ts";
import { type Product, startProduct } from "../../support/product.ts";
import { addRoutedAgent } from "../../support/routed-agent.ts";
import { launchWorkerBeside } from "../../support/worker-beside.ts";
import { after, answer, type Behaviour, cutBeforeHead, type Receiver, reset, startReceiver, status } from "../receiver.ts";
import { startCrew } from "./crew.ts";
import { checkData, everythingIsWell, readAttempts, unexplainedCopies, watchTimers } from "./evidence.ts";
import { type Random, seeded } from "./random.ts";
import { type Kill, recoveriesOf } from "./recovery.ts";

export type KillOptions = {
	engine: EngineUnderTest;
	hatchet: OwnHatchet | null;
	kills: number;
	/** Of these, of Hatchet itself. */
	engineKills: number;
	seed: number;
	/** Held against the slowest recovery; null where much else runs, and a message waits for its turn more than for anything else. */
	recoveryMs: number | null;
};

export type KillReport = { figures: string[]; problems: string[] };

const perSecond = 5;
/** At most, so that a kill finds some messages in the middle of their delivery. */
const thinkingMs = 1_200;
const workers = 3;
/** As many connections as three of them want with it, the embedded PostgreSQL has. */
const concurrency = "10";
/** How soon what a killed worker was sending is sent again. */
export const promisedRecoveryMs = 5_000;
/** After the last kill; on Hatchet a run that its engine lost comes again by its timer alone, after a minute. */
const settleMs = { postgres: 120_000, hatchet: 300_000 };

/** Takes most messages, drops some in one of three ways; whoever was dropped is taken the next time. */
const startCapriciousReceiver = (random: Random): Promise<Receiver> => {
	const seen = new Set<string>();
	const drops: Behaviour[] = [cutBeforeHead, reset, status(500)];
	return startReceiver(({ id }) => {
		const isFirst = !seen.has(id);
		seen.add(id);
		return (isFirst && random.next() < 0.15 && drops[random.below(drops.length)]) || after(random.between(200, thinkingMs), answer());
	});
};

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

/** `kill -9` of a service of the product that runs; false where it is down already. */
const killService = (product: Product, service: string): boolean => {
	const pid = product.running().services[service]?.pid;
	return pid !== undefined && isAlive(pid) && process.kill(pid, "SIGKILL");
};

/** Kills at random under a stream of requests, and says what that came to; `problems` is empty where every promise was kept. */
export const runKills = async ({ engine, hatchet, kills: count, engineKills, seed, recoveryMs }: KillOptions): Promise<KillReport> => {
	const random = seeded(seed);
	await using own = new AsyncDisposableStack();
	const product = own.use(await startProduct({ engine, args: ["--no-worker"] }));
	const crew = own.use(await startCrew(workers, () => launchWorkerBeside(product, engine, { WORKER_CONCURRENCY: concurrency })));
	const receiver = own.use(await startCapriciousReceiver(seeded(seed + 1)));
	const person = await eventually("somebody can sign in", () => signIn(product.url, product.login), 60_000, 500);
	const agent = await addRoutedAgent(person, receiver.url);
	const { databaseUrl } = product.running();
	const query = queryAt(databaseUrl);
	const timers = watchTimers(query);

	const kills: Kill[] = [];
	const engineBackMs: number[] = [];
	const killOne = async (service: string): Promise<boolean> => {
		if (service === "worker") return crew.killOne(random.below);
		if (service !== "hatchet") return killService(product, service);
		if (!hatchet) throw new Error("There is no Hatchet of this run to kill.");
		await hatchet.kill();
		kills.push({ service, at: Date.now() });
		await hatchet.comeBack();
		const backAt = Date.now();
		await eventually("Hatchet hands out work again", () => receiver.hits.some(({ at }) => at > backAt), 180_000);
		engineBackMs.push(Date.now() - backAt);
		return true;
	};
	const services = random.shuffle([
		...Array.from({ length: engineKills }, () => "hatchet"),
		...Array.from({ length: count - engineKills }, (_, at) => ["worker", "api", "worker", "postgres"][at % 4] as string),
	]);
	let killing = true;
	const killAll = async () => {
		for (const service of services) {
			// Mostly in the middle of what the last one has left; now and then what one kill alone costs is to be seen.
			await sleep(random.next() < 0.25 ? random.between(7_000, 8_000) : random.between(1_000, 4_000));
			// What is down already is killed once it is up.
			await eventually(`${service} can be killed`, () => killOne(service), 120_000);
			if (service !== "hatchet") kills.push({ service, at: Date.now() });
		}
		await sleep(2_000);
	};
	const killedAll = killAll().finally(() => {
		killing = false;
	});
	killedAll.catch(() => {});

	const asked: Promise<Accepted>[] = [];
	while (killing) {
		const one = askCarefully(person, agent, `question ${asked.length}`);
		one.catch(() => {});
		asked.push(one);
		await sleep(1_000 / perSecond);
	}
	await killedAll;
	const accepted = await Promise.all(asked);
	const acceptedAt = Date.now();
	const isSettled = async () => {
		const [row] = await query<{ open: number }>("select count(*)::int as open from agent_requests where status <> 'completed'");
		return row?.open === 0;
	};
	const settled = await eventually("every request is completed", isSettled, settleMs[engine.name], 200).catch(() => false);
	const tookMs = Date.now() - acceptedAt;
	const { broken, looks } = await timers.end();

	const problems: string[] = [];
	const hold = (kept: boolean, problem: string) => void (kept || problems.push(problem));
	const ids = new Set(accepted.map(({ id }) => id));
	const rows = await query<{ id: string; status: string }>("select id, status from agent_requests");
	const lost = rows.filter(({ status: now }) => now !== "completed");
	hold(settled && lost.length === 0, `${lost.length} requests are not completed: ${JSON.stringify(lost.slice(0, 5))}`);
	hold(
		ids.size === asked.length && rows.length === asked.length,
		`${asked.length} were asked, ${ids.size} accepted, ${rows.length} are kept`,
	);
	hold(broken.length === 0, `without a timer: ${[...new Set(broken)].slice(0, 5).join(", ")}`);
	hold(looks > 20, `only ${looks} looks at the timers`);

	const messages = receiver.byMessage();
	const attempts = await readAttempts(query);
	hold(messages.size === asked.length, `${messages.size} messages arrived of ${asked.length}`);
	const unexplained = unexplainedCopies(messages, attempts);
	hold(unexplained.length === 0, `copies without an attempt: ${unexplained.join(", ")}`);
	const changed = [...messages.values()].filter((copies) => new Set(copies.map(({ bodyHash }) => bodyHash)).size > 1);
	hold(changed.length === 0, `${changed.length} messages came with other bytes than before`);
	const early = [...attempts.values()].flatMap((all) => all.slice(0, -1)).filter(({ outcome }) => outcome === "delivered");
	hold(early.length === 0, `${early.length} messages were sent again after their delivery was written down`);
	await eventually("all events are numbered", async () => (await query("select from events where position is null")).length === 0);
	const data = await checkData(databaseUrl);
	hold(data === everythingIsWell, data);

	const recoveries = recoveriesOf(kills, attempts);
	const slowest = (all: typeof recoveries) => Math.round(Math.max(0, ...all.map(({ ms }) => ms)));
	const undisturbed = recoveries.filter((one) => one.undisturbed);
	hold(recoveryMs === null || slowest(undisturbed) <= recoveryMs, `a recovery took ${slowest(undisturbed)} ms`);

	const outcomes = [...attempts.values()].flat().map(({ outcome }) => outcome);
	const times = (outcome: string) => outcomes.filter((one) => one === outcome).length;
	const of = (service: string) => kills.filter((kill) => kill.service === service).length;
	const figures = [
		`seed ${seed}: ${kills.length} kills (worker ${of("worker")}, api ${of("api")}, PostgreSQL ${of("postgres")}${engineKills > 0 ? `, Hatchet ${of("hatchet")}` : ""}) under ${asked.length} requests`,
		`lost: ${asked.length - rows.length + lost.length}; asked more than once: ${accepted.filter(({ tries }) => tries > 1).length}`,
		`copies: ${receiver.hits.length - messages.size}, all of attempts whose end nobody saw or that the receiver failed: ${times("lost")} lost, ${times("unknown")} unclear, ${times("unavailable")} failed`,
		`recovery after a worker's kill: ${undisturbed.length} messages undisturbed by other kills, p100 ${slowest(undisturbed)} ms; ${recoveries.length} in all, p100 ${slowest(recoveries)} ms`,
		`all completed ${tookMs} ms after the last was accepted; ${looks} looks at the timers`,
		...(engineBackMs.length > 0 ? [`Hatchet handed out work again ${engineBackMs.join(", ")} ms after it was back`] : []),
	];
	return { figures, problems };
};
