import { randomUUID } from "node:crypto";
import { body, type Lines, read, write } from "./line.ts";

export const projects: Lines<"projects"> = {
	createProject: { least: "account", scope: null, prepare: body({ name: "New" }) },
	listProjects: { least: "account", scope: null },
	getProject: read("project:read"),
	selectProject: read(null),
	updateProject: write("admin", null, () => ({ body: { name: randomUUID() } })),
};
