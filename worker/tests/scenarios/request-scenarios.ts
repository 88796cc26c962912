import { expect } from "vitest";
import { until } from "../harness.ts";
import type { Act, Scenario } from "./scenario.ts";

const askAndSee = async ({ ask, untilOpen }: Act) => {
	const asked = await ask();
	return { ...asked, sent: await untilOpen(asked.id) };
};

export const requestScenarios: Scenario[] = [
	{
		title: "a question is answered by a reply, once",
		act: async (stage) => {
			const { id, sent } = await askAndSee(stage);
			await stage.channel.reply(sent, "Spain");
			const { request, responses } = await stage.untilStatus(id, "completed");
			await stage.untilClosed(sent, "Spain", request.closed_at);
			expect((await stage.detailOf(id)).responses).toEqual(responses);
			expect(responses).toMatchObject([{ kind: "answer", text: "Spain", outcome: "accepted" }]);
		},
	},
	{
		title: "a question is answered in the form that its button opens, once",
		act: async (stage) => {
			const fillIn = stage.can("form");
			const { id, sent } = await askAndSee(stage);
			await fillIn(sent, "France & Spain");
			const { request, responses } = await stage.untilStatus(id, "completed");
			await stage.untilClosed(sent, "Answered by", request.closed_at);
			expect(responses).toMatchObject([{ kind: "answer", text: "France & Spain", outcome: "accepted" }]);
		},
	},
	{
		title: "of two answers at once one counts, and both are seen",
		act: async (stage) => {
			const speakUp = stage.can("speakUp");
			const { id, sent } = await askAndSee(stage);
			await Promise.all([speakUp(sent, "Spain"), speakUp(sent, "France")]);
			await stage.untilStatus(id, "completed");
			const responses = await until(async () => {
				const known = (await stage.detailOf(id)).responses;
				return known.length === 2 && known.every(({ outcome }) => outcome !== "received") && known;
			});
			expect(responses.map(({ text }) => text).sort()).toEqual(["France", "Spain"]);
			expect(responses.map(({ outcome }) => outcome).sort()).toEqual(["accepted", "superseded"]);
		},
	},
	{
		title: "the agent asks back, gets the person's reply, and answers",
		act: async (stage) => {
			const askBack = stage.can("askBack");
			const { id, sent } = await askAndSee(stage);
			await askBack(sent, "Which year?");
			expect((await stage.untilStatus(id, "input_required")).request.input_question).toBe("Which year?");
			const reply = await stage.must<{ delivery_id: string }>("POST", `/requests/${id}/replies`, { text: "This one." });
			const again = await until(async () => {
				const newest = await stage.untilSent(id);
				return newest.deliveryId !== sent.deliveryId && newest;
			});
			expect(again.deliveryId).toBe(reply.delivery_id);
			await stage.channel.reply(again, "Spain");
			const { responses } = await stage.untilStatus(id, "completed");
			expect(responses.map(({ text }) => text)).toEqual(["Which year?", "Spain"]);
		},
	},
	...(
		[
			[{ kind: "first" }, 1],
			[{ kind: "quorum", count: 2 }, 2],
			[{ kind: "all" }, 3],
		] as const
	).map(([policy, needed]) => ({
		title: `of three who are asked (${policy.kind}) ${needed} answer, and whoever isn't needed any more is told so`,
		act: async ({ channel, askSeveral, untilStatus, untilClosed, ...stage }: Act) => {
			const { shown, stopped } = channel;
			const { id, sent } = await askSeveral(3, policy);
			const [winners, losers] = [sent.slice(0, needed), sent.slice(needed)];
			for (const [index, winner] of winners.entries()) {
				for (const loser of losers) {
					if (!("lacks" in shown)) expect((await shown(loser)).open).toBe(true);
					if (!("lacks" in stopped)) expect(stopped(loser)).toBe(false);
				}
				await channel.reply(winner, `Market ${index + 1}`);
				await until(async () => {
					const { responses } = await stage.detailOf(id);
					return responses.filter(({ outcome }) => outcome === "accepted").length === index + 1;
				}, 20_000);
			}
			const { request, deliveries } = await untilStatus(id, "completed");
			const ends = new Map(deliveries.map((delivery) => [delivery.id, delivery.status]));
			expect(winners.map(({ deliveryId }) => ends.get(deliveryId))).toEqual(winners.map(() => "acknowledged"));
			expect(losers.map(({ deliveryId }) => ends.get(deliveryId))).toEqual(losers.map(() => "superseded"));
			for (const loser of losers) {
				if (!("lacks" in shown)) await untilClosed(loser, "Answered", request.closed_at);
				// Whoever finds no room for it in its project comes again within seconds.
				if (!("lacks" in stopped)) await until(() => stopped(loser), 20_000);
			}
			for (const [index, winner] of winners.entries()) {
				await stage.untilShown(winner, `Market ${index + 1}`);
				if (!("lacks" in stopped)) expect(stopped(winner)).toBe(false);
			}
		},
	})),
	{
		title: "a question whose deadline passes says so",
		act: async (stage) => {
			stage.can("shown");
			const { id, sent } = await askAndSee(stage);
			await stage.passDeadline(id);
			const { request } = await stage.untilStatus(id, "expired");
			await stage.untilClosed(sent, "The deadline has passed.", request.closed_at);
		},
	},
	{
		title: "a cancelled question says so",
		act: async (stage) => {
			stage.can("shown");
			const { id, sent } = await askAndSee(stage);
			await stage.must("POST", `/requests/${id}/cancel`);
			await stage.untilClosed(sent, "The request was cancelled.", (await stage.detailOf(id)).request.closed_at);
		},
	},
	{
		title: "a cancelled question stops its agent",
		act: async (stage) => {
			const isStopped = stage.can("stopped");
			const { id, sent } = await askAndSee(stage);
			expect(isStopped(sent)).toBe(false);
			await stage.must("POST", `/requests/${id}/cancel`);
			await until(() => isStopped(sent), stage.channel.closesWithinMs ?? 2_000);
		},
	},
	{
		title: "who answers late changes nothing; the answer is kept, and its author told where that can be",
		act: async (stage) => {
			const speakUp = stage.can("speakUp");
			const { told } = stage.channel;
			const { id, sent } = await askAndSee(stage);
			await stage.must("POST", `/requests/${id}/cancel`);
			await speakUp(sent, "Too late");
			const late = await until(async () => (await stage.detailOf(id)).responses.find(({ outcome }) => outcome !== "received"));
			expect(late).toMatchObject({ text: "Too late", outcome: "superseded" });
			expect((await stage.detailOf(id)).request.status).toBe("cancelled");
			if (!("lacks" in told)) await until(() => told().at(-1)?.startsWith("The request was cancelled. What you wrote is kept"));
		},
	},
	...(["cut", "drop"] as const).map((how) => ({
		title: `a question stands there once, although the wire broke (${how}), and can be answered`,
		act: async (stage: Act) => {
			const wire = stage.can("wire");
			const mend = wire.break(how);
			const { id, question } = await stage.ask();
			const retry = await stage.retryUnknown(id);
			mend();
			await retry();
			const sent = await stage.untilOpen(id);
			await stage.channel.reply(sent, "Italy");
			const { request } = await stage.untilStatus(id, "completed");
			await stage.untilClosed(sent, "Italy", request.closed_at);
			expect(wire.copies(question)).toBe(1);
		},
	})),
];
