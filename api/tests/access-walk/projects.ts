import { randomUUID } from "node:crypto";
import { body, type Lines, list, write } from "./line.ts";

export const projects: Lines<"projects"> = {
	createProject: { least: "account", scope: null, prepare: body({ name: "New" }) },
	listProjects: { least: "account", scope: null },
	getProject: list("project:read"),
	selectProject: list(null),
	updateProject: write("admin", null, () => ({ body: { name: randomUUID() } })),
};
