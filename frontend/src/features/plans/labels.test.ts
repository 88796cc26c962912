import { expect, test } from "vitest";
import { hasLabel, suggestLabels } from "./labels.ts";

test("labels are suggested by how many nodes have them, whatever their case, without those that are taken", () => {
	const nodes = [["Press", "web"], ["press"], ["design"], ["web", "PRESS"], ["legal"]].map((labels) => ({ labels }));
	expect(suggestLabels(nodes, ["LEGAL"])).toEqual(["Press", "web", "design"]);
});

test("a label is known in upper and lower case, and with blanks around it", () => {
	expect(hasLabel(["Press"], " press ")).toBe(true);
	expect(hasLabel(["Press"], "pres")).toBe(false);
});
