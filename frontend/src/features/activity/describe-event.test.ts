import type { TimelineItem } from "@agentplanner/contracts";
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

it("names a kind that it doesn't know as it is", () => {
	expect(describeEvent(item("goal.dreamt.of"))).toEqual({ words: "goal dreamt of", quote: "Draft the post" });
});
