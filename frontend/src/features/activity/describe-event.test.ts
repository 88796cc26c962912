import { eventTypes, type TimelineItem } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { describeEvent } from "./describe-event.ts";

type Known = { title?: string | null; other?: string | null; self?: boolean; itself?: string };

/** The sentence behind the actor's name. */
const say = (type: string, data: Record<string, unknown> = {}, { title = "Draft", other = null, self = false, itself }: Known = {}) => {
	const item = {
		type,
		data,
		actor: { kind: "user", id: self ? "s" : "a", name: "Ada" },
		subject: { type: type.split(".")[0] === "node" ? "node" : "plan", id: "s", title },
		other: other === null ? null : { id: "o", title: other },
		plan: null,
		node: null,
	} as unknown as TimelineItem;
	const { before, about, after } = describeEvent(item, itself);
	return `${before}${about === null ? "" : `“${about}”`}${after}`;
};

it("says who did what to what", () => {
	expect(say("node.updated")).toBe("edited “Draft”");
	expect(say("node.status.changed", { from: "not_started", to: "in_progress" })).toBe(
		"changed the status of “Draft” from not started to in progress",
	);
	expect(say("node.dependency.added", { kind: "blocks" }, { other: "Freeze" })).toBe("made “Draft” wait for “Freeze”");
	expect(say("node.dependency.removed", { kind: "blocks" })).toBe("let “Draft” no longer wait for a node of another plan");
	expect(say("plan.collaborator.added", { role: "editor" }, { other: "Leo" })).toBe("shared the plan “Draft” with Leo as an editor");
	expect(say("plan.visibility.changed", { to: "private" })).toBe("made the plan “Draft” private");
	expect(say("project.member.added", { role: "viewer" }, { self: true })).toBe("joined the project as a viewer");
	expect(say("comment.created", { parent_id: "c" })).toBe("replied: “Draft”");
	expect(say("message.delivery.retrying")).toBe("could not deliver a message to “Draft”, and will try again");
});

it("says no more than it knows of what is gone, and nothing twice where all is about one node", () => {
	expect(say("node.moved", {}, { title: null })).toBe("moved a node that is gone to another place in the plan");
	expect(say("node.deleted", { title: "Was here" }, { title: null })).toBe("deleted “Was here”");
	expect(say("message.delivery.dead", {}, { title: null })).toBe("gave up on a message");
	expect(say("node.created", { kind: "task" }, { itself: "this node" })).toBe("added the task");
	expect(say("node.updated", {}, { itself: "this node" })).toBe("edited this node");
});

it("has words for every kind of event, and names one that it doesn't know as it is", () => {
	const data = { from: "draft", to: "public", role: "editor", plan_role: "editor", kind: "task", total: 3, done: 2, rule: "overdue timer" };
	for (const type of eventTypes)
		for (const known of [{}, { title: null }, { itself: "this" }]) {
			const words = say(type, data, known);
			expect(words, type).not.toMatch(/[[\]{}?]|undefined|^$/);
			expect(words, type).not.toContain(type.replaceAll(".", " "));
		}
	expect(say("goal.dreamt.of")).toBe("goal dreamt of: “Draft”");
});

it("takes no title for a part of the sentence, whatever it holds", () => {
	expect(say("node.dependency.added", { kind: "blocks" }, { title: "A {it}", other: "[x {it}]" })).toBe(
		"made “A {it}” wait for “[x {it}]”",
	);
	expect(say("plan.collaborator.added", { role: "editor" }, { title: "{it} [x]", other: "[Leo {it}" })).toBe(
		"shared the plan “{it} [x]” with [Leo {it} as an editor",
	);
	expect(say("node.dependency.added", { kind: "blocks" }, { other: "[x {it}]", itself: "$& {it}" })).toBe(
		"made $& {it} wait for “[x {it}]”",
	);
});
