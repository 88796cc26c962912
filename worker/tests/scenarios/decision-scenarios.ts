import { expect } from "vitest";
import { pause, until } from "../harness.ts";
import type { Act, Scenario } from "./scenario.ts";

/** Who presses and who clicks in the web, both for either option, at (nearly) the same time. */
const race = async (stage: Act, headStartMs: number) => {
	const [press, told] = [stage.can("press"), stage.can("told")];
	const { id } = await stage.askToDecide();
	const sent = await stage.untilOpen(id);
	const [before, watched] = [told().length, stage.watch(sent)];
	const votes = Array.from({ length: 25 }, (_, index) => (index % 2 ? "approve" : "reject"));
	const pressed = Promise.all(votes.map((option) => press(sent, option)));
	await pause(headStartMs);
	const clicked = await Promise.all(votes.map((option_id) => stage.call("POST", `/decisions/${id}/decide`, { option_id })));
	await pressed;
	await stage.untilJudged();

	const { status, option_id, closed_via, closed_at } = await stage.decisionOf(id);
	expect(status).toBe("decided");
	expect((await stage.auditOf(id)).filter(({ type }) => type === "decision.decided")).toHaveLength(1);
	expect(clicked.filter((reply) => reply.status === 200)).toHaveLength(closed_via === "web" ? 1 : 0);
	for (const { body } of clicked.filter((reply) => reply.status !== 200))
		expect(body).toMatchObject({ status: 409, detail: expect.stringContaining("This is no longer open. Decided by Ada") });
	(await watched)(option_id === "approve" ? "Approve" : "Reject", closed_at);
	// Whoever chose what was decided has nothing to be told.
	const losers = votes.filter((option) => option !== option_id).length;
	await until(() => told().length - before >= losers);
	await pause(200);
	expect(told().slice(before)).toEqual(Array(losers).fill(expect.stringContaining("Your choice came too late and changes nothing.")));
};

export const decisionScenarios: Scenario[] = [
	{
		title: "a decision is made by who presses there, and the message says by whom and where",
		act: async (stage) => {
			const press = stage.can("press");
			const { id } = await stage.askToDecide();
			const sent = await stage.untilOpen(id);
			await press(sent, "approve");
			await stage.untilJudged();
			const { closed_at, ...decision } = await stage.decisionOf(id);
			await stage.untilClosed(sent, `Decided by Ada via ${stage.label}: Approve`, closed_at);
			expect(decision).toMatchObject({ status: "decided", option_id: "approve", closed_by: "Ada" });
		},
	},
	{
		title: "a decision that was made in the web says so",
		act: async (stage) => {
			stage.can("press");
			const { id } = await stage.askToDecide();
			const sent = await stage.untilOpen(id);
			await stage.must("POST", `/decisions/${id}/decide`, { option_id: "reject", comment: "Not yet." });
			const { closed_at } = await stage.decisionOf(id);
			for (const words of ["Decided by Ada via the web: Reject", "Not yet."]) await stage.untilClosed(sent, words, closed_at);
		},
	},
	{
		title: "of 200 votes, half there and half in the web, one counts for each decision, and who chose otherwise hears it",
		act: async (stage) => {
			for (const headStartMs of [0, 60, 120, 240]) await race(stage, headStartMs);
		},
	},
];
