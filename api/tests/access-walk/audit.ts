import { type Lines, write } from "./line.ts";

export const audit: Lines<"audit"> = {
	listAudit: write("admin", null),
};
