import { type Lines, write } from "./line.ts";

export const health: Lines<"health"> = {
	getProjectHealth: write("admin", null),
};
