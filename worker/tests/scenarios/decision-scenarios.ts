import { expect } from "vitest";
import { pause, until } from "../harness.ts";
import type { Act, Scenario } from "./scenario.ts";

/** Of one decision: 25 press there and 25 click in the web, for either option, all at once; `first` is a hair ahead. */
const race = async (stage: Act, first: "there" | "web") => {
	const [press, told] = [stage.can("press"), stage.can("told")];
	const { id } = await stage.askToDecide();
	const sent = await stage.untilOpen(id);
	const before = told().length;
	const votes = Array.from({ length: 25 }, (_, index) => (index % 2 ? "approve" : "reject"));
	const there = () => Promise.all(votes.map((option) => press(sent, option)));
	const web = () => Promise.all(votes.map((option_id) => stage.call("POST", `/decisions/${id}/decide`, { option_id })));
	const earlier = first === "web" ? web() : null;
	const pressed = there();
	const [clicked] = await Promise.all([earlier ?? web(), pressed]);
	await stage.untilJudged();

	const { status, option_id, closed_via } = await stage.decisionOf(id);
	expect(status).toBe("decided");
	expect((await stage.auditOf(id)).filter(({ type }) => type === "decision.decided")).toHaveLength(1);
	expect(clicked.filter((reply) => reply.status === 200)).toHaveLength(closed_via === "web" ? 1 : 0);
	for (const { body } of clicked.filter((reply) => reply.status !== 200))
		expect(body).toMatchObject({ status: 409, detail: expect.stringContaining("This is no longer open. Decided by Ada") });
	await stage.untilShown(sent, option_id === "approve" ? "Approve" : "Reject");
	// Whoever chose what was decided has nothing to be told.
	const losers = votes.filter((option) => option !== option_id).length;
	await until(() => told().length - before >= losers, 20_000);
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
			for (const first of ["there", "web", "there", "web"] as const) await race(stage, first);
		},
	},
];
