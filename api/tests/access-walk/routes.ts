import { body, type Lines, read, write } from "./line.ts";

export const routes: Lines<"routes"> = {
	getAgentRoutes: read("routes:read"),
	setAgentRoutes: write("admin", "routes:write", body({ routes: [] })),
	getPlanRoutes: read("routes:read"),
	setPlanRoutes: write("admin", "routes:write", body({ routes: [] })),
	getProjectRoutes: read("routes:read"),
	setProjectRoutes: write("admin", "routes:write", body({ routes: [] })),
};
