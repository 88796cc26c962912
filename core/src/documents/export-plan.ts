import type { DocumentFormat, PlanDocument } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { readInnerDependencies } from "../dependencies/read-inner-dependencies.ts";
import { readWholePlan } from "../plans/read-whole-plan.ts";
import { documentOf } from "./document-of.ts";
import { writeMarkdown } from "./write-markdown.ts";

export type ExportedPlan = {
	/** `launch-the-spring-release.md` */
	fileName: string;
	content: { format: "markdown"; text: string } | { format: "json"; document: PlanDocument };
};

/** The plan as a file. Throws NotFoundError. */
export const exportPlan = async (ctx: ProjectContext, planId: string, format: DocumentFormat): Promise<ExportedPlan> => {
	const whole = await readWholePlan(ctx, planId);
	const document = documentOf(whole, await readInnerDependencies(ctx, whole.plan.id));
	const name = nameOf(document.plan.title);
	return format === "markdown"
		? { fileName: `${name}.md`, content: { format, text: writeMarkdown(document) } }
		: { fileName: `${name}.json`, content: { format, document } };
};

/** A name that every file system takes. */
const nameOf = (title: string): string =>
	title
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, "-")
		.slice(0, 60)
		.replace(/^-|-$/g, "") || "plan";
