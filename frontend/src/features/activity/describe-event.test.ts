import { eventTypes, type TimelineItem } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { describeEvent } from "./describe-event.ts";

const item = (type: string, data: Record<string, unknown> = {}, title: string | null = "Draft the post") =>
	({ type, data, subject: { type: "node", id: "n", title } }) as unknown as TimelineItem;

it("says what was done to what", () => {
	expect(describeEvent(item("node.status.changed", { from: "not_started", to: "in_progress" }))).toEqual({
		words: "changed the status from not started to in progress",
		quote: "Draft the post",
	});
	expect(describeEvent(item("message.delivery.delivered", {}, "Team chat")).words).toBe("delivered a message to Team chat");
	expect(describeEvent(item("comment.created", { parent_id: "c" })).words).toBe("replied");
	expect(describeEvent(item("node.logged", { kind: "challenge" })).words).toBe("noted what stands in the way");
});

it("says no more than it knows of what is gone", () => {
	expect(describeEvent(item("member.mentioned", {}, null))).toEqual({ words: "mentioned somebody who has left" });
	expect(describeEvent(item("message.delivery.dead", {}, null)).words).toBe("gave up on a message");
	expect(describeEvent(item("node.created", { kind: "task", title: "Was here" }, null)).quote).toBe("Was here");
});

it("has words for every kind of event that a project has, and names others as they are", () => {
	const ofAccounts = /^(user|session)\./;
	const wordless = eventTypes.filter((type) => !ofAccounts.test(type) && describeEvent(item(type)).words === type.replaceAll(".", " "));
	expect(wordless).toEqual([]);
	expect(describeEvent(item("goal.dreamt.of")).words).toBe("goal dreamt of");
});
