import { type Lines, read } from "./line.ts";

export const events: Lines<"events"> = {
	listEvents: read("events:read"),
};
