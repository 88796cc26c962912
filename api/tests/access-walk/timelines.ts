import { type Lines, list, read } from "./line.ts";

export const timelines: Lines<"timelines"> = {
	getNodeTimeline: read("activity:read"),
	getPlanTimeline: read("activity:read"),
	getProjectTimeline: list("activity:read"),
};
