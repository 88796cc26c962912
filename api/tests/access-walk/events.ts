import { type Lines, read } from "./line.ts";

export const events: Lines<"events"> = {
	listEventTypes: { least: "known", scope: null },
	listEvents: read("events:read"),
};
