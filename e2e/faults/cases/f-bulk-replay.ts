import { equal, ok } from "node:assert/strict";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import { addIntegration, countDeliveries, makeProject, type Neighbourhood, sendMessages } from "../neighbourhood.ts";
import { type Hit, startReceiver, status } from "../receiver.ts";
import { within } from "../within.ts";

/** As many as a kill may double: what the policy of an integration lets be under way at once. */
const inFlight = 8;
const missed = 10_000;
const dead = 200;
const tooOld = 20;
const perSecond = 20;

const copiesIn = (hits: readonly Hit[]) => hits.length - new Set(hits.map(({ id }) => id)).size;

/** Events that nobody subscribed to when they happened. */
const letThemHappen = async ({ query, projectId }: Neighbourhood, count: number): Promise<void> => {
	await query(
		`insert into events (project_id, type, subject_type, subject_id, data, actor)
		select $1, 'goal.status.changed', 'goal', uuidv7(), '{"from": "draft", "to": "active"}', '{"type": "system", "name": "e2e"}'
		from generate_series(1, $2)`,
		[projectId, count],
	);
	const waits = "select 1 from events where project_id = $1 and position is null limit 1";
	await eventually("they are numbered", async () => (await query(waits, [projectId])).length === 0, 60_000);
};

const recoverEvents = async (ground: Ground): Promise<void> => {
	const house = await ground.house();
	const receiver = ground.own.use(await startReceiver([status(204)]));
	const place = await makeProject(ground);
	const { person, project } = place;
	const since = new Date(Date.now() - 60_000).toISOString();
	await letThemHappen(place, missed);
	const body = { name: "Late", url: receiver.url, types: ["goal.*"] };
	const { id } = await person.must<{ id: string }>("POST", `${project}/subscriptions`, body);
	const begun = Date.now();
	await person.must("POST", `${project}/subscriptions/${id}/replay`, { since });
	await eventually("some have come", () => receiver.hits.length > missed / 4, 120_000);
	await house.product.killAndAwaitRestart("worker");
	await eventually("all have come", () => receiver.byMessage().size === missed, 600_000, 500);
	await eventually("all are delivered", async () => (await countDeliveries(place)).delivered === missed);
	ok(copiesIn(receiver.hits) <= inFlight, `${copiesIn(receiver.hits)} copies`);
	ground.measured(`${missed} events in ${Math.round((Date.now() - begun) / 1_000)} s, ${copiesIn(receiver.hits)} of them twice`);
};

type Job = { id: string; state: string; total: number; done: number; skipped: { reason: string; count: number }[] };

const replayDeadLetters = async (ground: Ground): Promise<void> => {
	const house = await ground.house();
	let mended = false;
	const receiver = ground.own.use(await startReceiver(() => status(mended ? 204 : 400)));
	const place = await makeProject(ground);
	const { person, project, query } = place;
	const integrationId = await addIntegration(place, receiver.url);
	const ids = await sendMessages(
		place,
		Array.from({ length: dead }, () => integrationId),
	);
	await eventually("all have given up", async () => (await countDeliveries(place)).dead === dead);
	await query("update message_deliveries set created_at = now() - interval '60 days' where id = any($1)", [ids.slice(0, tooOld)]);
	mended = true;
	const start = (filter: object, rate: number) =>
		person.must<Job>("POST", `${project}/replay-jobs`, { filter: { integration_id: integrationId, ...filter }, rate_per_second: rate });
	const jobNow = ({ id }: Job) => person.must<Job>("GET", `${project}/replay-jobs/${id}`);
	const sent = () => receiver.hits.slice(dead);

	const job = await start({}, perSecond);
	equal(job.total, dead);
	await eventually("some are sent", () => sent().length > dead / 4);
	await house.product.killAndAwaitRestart("worker");
	const { done, skipped } = await eventually(
		"it has ended",
		async () => {
			const now = await jobNow(job);
			return now.state === "finished" && now;
		},
		60_000,
	);
	equal(done, dead - tooOld);
	equal(skipped.find(({ reason }) => reason === "too_old")?.count, tooOld);
	await eventually("all are delivered", async () => (await countDeliveries(place)).delivered === dead - tooOld);
	ok(copiesIn(sent()) <= inFlight, `${copiesIn(sent())} copies`);
	const times = sent().map(({ at }) => at);
	const rate = ((times.length - 1) * 1_000) / (Math.max(...times) - Math.min(...times));
	within(rate, 1, perSecond * 1.15, "a second");
	ground.measured(`dead letters went out at ${rate.toFixed(1)} a second, ${copiesIn(sent())} of them twice`);

	const older = await start({ include_older: true }, 1);
	equal(older.total, tooOld);
	await eventually("the first is sent", () => sent().length > times.length);
	await person.must("POST", `${project}/replay-jobs/${older.id}/cancel`);
	const cancelled = await jobNow(older);
	equal(cancelled.state, "cancelled");
	ok(cancelled.done < tooOld, `${cancelled.done} were sent`);
	await eventually("the rest stays dead", async () => (await countDeliveries(place)).dead === tooOld - cancelled.done);
};

export const bulkReplayFaults: readonly FaultCase[] = [
	{
		id: "F2",
		fault:
			"10,000 events are sent again since a moment, and 200 dead letters at 20 a second; the worker is killed midway; some are too old; one replay is cancelled",
		expected:
			"Both go on where they were, twice comes at most what was in flight, no faster than asked; what is too old only where that is said; cancelled, the rest stays",
		quick: false,
		run: async (ground) => {
			await recoverEvents(ground);
			await replayDeadLetters(ground);
			return "10,000 of 10,000 events and 180 of 180 dead letters after a kill each, at most 8 of either twice, at most 23 a second; 20 too old ones were passed over, and sent once that was said, until that was cancelled";
		},
	},
];
