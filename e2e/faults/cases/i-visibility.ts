import { equal, match, ok } from "node:assert/strict";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { addIntegration, deliveryIn, integrationIn, makeProject, sendMessages } from "../neighbourhood.ts";
import { answer, type Behaviour, hang, startReceiver, status } from "../receiver.ts";

export const visibilityFaults: readonly FaultCase[] = [
	{
		id: "I1",
		fault: "Any attempt, looked at afterwards",
		expected:
			"Its row says when, by whom, what went over the wire, with secrets masked, the cause, what follows; the trace leads from the request to the receiver",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([status(500, { "x-why": "tired" }, "Too tired."), answer()]));
			const agent = await house.connect(receiver.url, { secrets: { authorization: "Bearer a-secret-word" } });
			const requestId = await house.ask(agent);
			const { attempts } = await house.delivery(requestId, ["retrying"]);
			const [attempt] = attempts;
			ok(attempt?.started_at && attempt.finished_at && attempt.duration_ms !== null && attempt.worker && attempt.next_attempt_at);
			equal(attempt.outcome, "unavailable");
			match(attempt.detail ?? "", /500/);
			ok(attempt.remedy);
			const { request, response } = attempt.exchange ?? {};
			equal(response?.status, 500);
			equal(response?.headers["x-why"], "tired");
			equal(response?.body, "Too tired.");
			ok(!JSON.stringify(request).includes("a-secret-word"));
			equal(request?.headers["webhook-id"], receiver.hits[0]?.id);
			const [event] = await house.query<{ trace_id: string | null }>(
				"select trace_id from events where type = 'agent.request.created' and subject_id = $1",
				[requestId],
			);
			const traceparent = String(receiver.hits[0]?.headers.traceparent);
			ok(event?.trace_id && traceparent.includes(event.trace_id), `${traceparent} of ${event?.trace_id}`);
			return "Times, worker, outcome, cause, remedy, next attempt, request and response with the credential masked; one trace from the request to the receiver";
		},
	},
	{
		id: "I2",
		fault: "A delivery waits because its integration is disabled, rests, refuses us, is full or hasn't answered for long, or is dead",
		expected: "Each is shown with its reason, what to do and since when",
		quick: true,
		run: async (ground) => {
			const { own } = ground;
			const house = await ground.house();
			const shown = async (code: number, headers: Record<string, string>, statuses: string[], reason: string) => {
				const receiver = own.use(await startReceiver([status(code, headers)]));
				const agent = await house.connect(receiver.url);
				const delivery = await house.delivery(await house.ask(agent), statuses);
				equal(delivery.reason?.code, reason);
				ok(delivery.reason?.message && delivery.reason.remedy && delivery.updated_at);
				return house.integration(agent);
			};
			const disabled = await shown(410, {}, ["retrying"], "integration_disabled");
			ok(disabled.disabled_reason);
			const resting = await shown(429, { "retry-after": "60" }, ["retrying"], "rate_limited");
			ok(resting.held_until);
			const refused = await shown(401, {}, ["retrying"], "unauthorized");
			equal(refused.health, "unauthorized");
			await shown(400, {}, ["dead"], "rejected");
			const place = await makeProject(ground);
			const waits = async (behaviour: Behaviour, maxInFlight: number, reason: string) => {
				const receiver = own.use(await startReceiver([behaviour]));
				const id = await addIntegration(place, receiver.url, { max_in_flight: maxInFlight });
				const sent = await sendMessages(
					place,
					Array.from({ length: 20 }, () => id),
				);
				const delivery = await eventually(`one waits as ${reason}`, async () => {
					const all = await Promise.all(sent.map((one) => deliveryIn(place, one)));
					return all.find((one) => one.reason?.code === reason);
				});
				ok(delivery.reason?.message && delivery.reason.remedy && delivery.waits_since);
				const integration = await integrationIn(place, id);
				ok(integration.waits_since);
				return integration;
			};
			equal((await waits(hang, 1, "throttled")).in_flight, 1);
			const { breaker } = await waits(status(503), 4, "breaker_open");
			equal(breaker.state, "open");
			ok(breaker.since && breaker.next_probe_at && breaker.failures >= 10);
			return "Six reasons by name, each with its remedy and time; the integration says the same, and of an open breaker when it is tried next";
		},
	},
];
