import { body, type Lines, read, write } from "./line.ts";

const file = body({ format: "markdown", content: "# New\n\n- [ ] Task\n" });

export const documents: Lines<"documents"> = {
	exportPlan: read("plans:read"),
	previewImport: write("editor", "plans:write", file),
	importPlan: write("editor", "plans:write", file),
};
