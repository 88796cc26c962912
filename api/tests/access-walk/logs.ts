import { body, type Lines, read, write } from "./line.ts";

export const logs: Lines<"logs"> = {
	createLog: write("editor", "plans:work", body({ kind: "progress", text: "Half done" })),
	listLogs: read("activity:read"),
};
