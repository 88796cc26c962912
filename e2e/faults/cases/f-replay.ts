import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { isSignedWith } from "../is-signed-with.ts";
import { after, answer, startReceiver, status } from "../receiver.ts";

/** The first attempt and one for each wait of the default schedule. */
const attemptsInAll = 12;

export const replayFaults: readonly FaultCase[] = [
	{
		id: "F1",
		fault: "500 until the schedule is at its end",
		expected: "Dead with the reason, said once, not tried again; a replay begins anew under the same webhook-id",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			let mended = false;
			const receiver = own.use(await startReceiver(() => (mended ? answer() : status(500))));
			const requestId = await house.ask(await house.connect(receiver.url));
			for (let attempt = 1; attempt < attemptsInAll; attempt += 1) {
				const { id } = await eventually(`attempt ${attempt} has failed`, async () => {
					const delivery = await house.delivery(requestId, ["retrying"]);
					return delivery.attempts.filter(({ outcome }) => outcome === "unavailable").length === attempt && delivery;
				});
				await house.retry(id);
			}
			const dead = await house.delivery(requestId, ["dead"]);
			equal(dead.reason?.code, "exhausted");
			equal(dead.attempt_count, attemptsInAll);
			equal((await house.detail(requestId)).request.status, "failed");
			equal((await house.query("select 1 from timers where subject_id = any($1)", [[dead.id, requestId]])).length, 0);
			equal((await house.query("select 1 from events where type = 'message.delivery.dead' and subject_id = $1", [dead.id])).length, 1);
			await sleep(1_000);
			equal(receiver.hits.length, attemptsInAll);
			mended = true;
			await house.retry(dead.id);
			await house.completed(requestId);
			equal(receiver.byMessage().size, 1);
			return "12 attempts, then dead as exhausted, the request failed, one event, no timer left; replayed it arrived under the same webhook-id";
		},
	},
	{
		id: "F3",
		fault: "Replay 20 times at once while a retry waits; after the secret has changed; of a disabled integration",
		expected: "One winner; signed with the current secret; a 409 that says why",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const answered = Promise.withResolvers<void>();
			const receiver = own.use(await startReceiver([status(500), after(answered.promise, status(500)), answer()]));
			const agent = await house.connect(receiver.url);
			const requestId = await house.ask(agent);
			const { id } = await house.delivery(requestId, ["retrying"]);
			const retry = () => house.person.request<{ detail?: string }>("POST", `${house.project}/deliveries/${id}/retry`);
			const replies = await Promise.all(Array.from({ length: 20 }, retry));
			answered.resolve();
			ok(replies.every(({ status: code }) => code === 200 || code === 409));
			await eventually("the second attempt has ended", async () => {
				const { attempts } = await house.delivery(requestId, ["retrying"]);
				return attempts.filter(({ outcome }) => outcome !== null).length === 2;
			});
			equal(receiver.hits.length, 2);
			const next = `whsec_${randomBytes(32).toString("base64")}`;
			const path = `${house.project}/integrations/${agent.integrationId}`;
			await house.person.must("PATCH", path, { secrets: { signing_secret: next } });
			await house.person.must("POST", `${path}/disable`);
			const refused = await retry();
			equal(refused.status, 409);
			match(refused.body.detail ?? "", /disabled/);
			await house.person.must("POST", `${path}/enable`);
			await retry();
			await house.completed(requestId);
			deepEqual(
				receiver.hits.map((hit) => isSignedWith(hit, next)),
				[false, false, true],
			);
			return "20 replays made one attempt; disabled: 409 with the reason; enabled: sent once, signed with the new secret";
		},
	},
	{
		id: "F4",
		fault: "A message whose every run throws",
		expected: "It comes again ever more slowly, others are unaffected, and its request's deadline ends it",
		quick: true,
		run: async ({ house: open, own, engine }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([answer()]));
			const [cursed, fine] = [await house.connect(receiver.url), await house.connect(receiver.url)];
			const undo = () => house.query("drop trigger if exists curse on message_deliveries; drop function if exists curse");
			own.defer(async () => void (await undo()));
			await house.query(`
				create sequence if not exists curses;
				create or replace function curse() returns trigger language plpgsql as $$ begin perform nextval('curses'); raise exception 'cursed'; end $$;
				create trigger curse before update on message_deliveries for each row
					when (new.integration_id = '${cursed.integrationId}' and new.status = 'sending') execute function curse()`);
			const doomed = await house.ask(cursed);
			const others = await Promise.all(Array.from({ length: 10 }, () => house.ask(fine)));
			for (const id of others) await house.completed(id);
			await sleep(5_000);
			const [runs] = await house.query<{ count: number }>("select last_value::int as count from curses");
			ok((runs?.count ?? 0) >= 1 && (runs?.count ?? 0) <= 10, `${runs?.count} runs in 5 s on ${engine.name}`);
			const [delivery] = (await house.detail(doomed)).deliveries;
			equal(delivery?.status, "queued");
			equal((await house.query("select 1 from timers where subject_id = $1", [delivery?.id])).length, 1);
			const deadline = "select 1 from timers where subject_id = $1 and type = 'agent.request.deadline.due'";
			equal((await house.query(deadline, [doomed])).length, 1);
			await undo();
			await house.retry(delivery?.id ?? "");
			await house.completed(doomed);
			equal(receiver.hits.length, 11);
			return "10 others were completed meanwhile; at most 10 runs in 5 s; it kept its timer and its deadline, and arrived once the cause was gone";
		},
	},
];
