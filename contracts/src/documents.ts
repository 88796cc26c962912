import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { Labels, NodeKind, NodeStatus, TaskMode } from "./node-terms.ts";
import { Plan, PlanParams, PlanStatus, PlanTitle } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { line, Timestamp, text } from "./values.ts";

/** Most nodes that a document may have: as many as a plan is made for. */
export const maxDocumentNodes = 10_000;
/** Most links between its nodes, both kinds together. */
export const maxDocumentLinks = 50_000;
/** Most characters of a document in Markdown. */
export const maxMarkdownCharacters = 2_000_000;

/** Most bytes of the request that carries one: room for a plan of ten thousand nodes. */
export const maxImportBytes = 8 * 1024 * 1024;

const DocumentId = z.string().regex(/^[\w.-]{1,120}$/, "must be 1 to 120 letters, digits, dots, hyphens or underscores");

export const DocumentNode = z.strictObject({
	id: DocumentId.describe("Its name in this document; an export counts: `1`, `1.1`, `1.2`, `2`"),
	parent: DocumentId.nullable().default(null).describe("The node it stands under, which comes before it; null for the top level"),
	kind: NodeKind.default("task"),
	title: line(300),
	status: NodeStatus.default("not_started"),
	description: text(20_000).default(""),
	context: text(20_000).default(""),
	labels: Labels.default([]),
	task_mode: TaskMode.default("free"),
	agent_instructions: text(20_000).default(""),
	acceptance_criteria: text(20_000).default(""),
	due_at: Timestamp.nullable().default(null),
	waits_for: z.array(DocumentId).default([]).describe("The nodes of this document that block it"),
	relates_to: z.array(DocumentId).default([]).describe("Other nodes of this document, named at one of the two"),
});
export type DocumentNode = z.infer<typeof DocumentNode>;

/** A plan outside of AgentPlanner: what people wrote into it, without ids of rows, people and times of change. */
export const PlanDocument = z
	.strictObject({
		format: z.literal("agentplanner.plan"),
		format_version: z.literal(1),
		plan: z.strictObject({
			title: PlanTitle,
			description: text(20_000).default(""),
			status: PlanStatus.default("active"),
		}),
		nodes: z
			.array(DocumentNode)
			.max(maxDocumentNodes, `must be at most ${maxDocumentNodes}`)
			.describe("Each after its parent, siblings in their order"),
	})
	.meta({
		examples: [
			{
				format: "agentplanner.plan",
				format_version: 1,
				plan: { title: "Launch the spring release" },
				nodes: [
					{ id: "1", kind: "phase", title: "Prepare" },
					{ id: "1.1", parent: "1", title: "Draft the announcement post", agent_instructions: "At most 200 words." },
					{ id: "1.2", parent: "1", title: "Send it", waits_for: ["1.1"] },
				],
			},
		],
	});
export type PlanDocument = z.infer<typeof PlanDocument>;

export const MarkdownDocument = z
	.strictObject({
		format: z.literal("markdown"),
		content: z.string().max(maxMarkdownCharacters, `must be at most ${maxMarkdownCharacters} characters long`),
	})
	.meta({ examples: [{ format: "markdown", content: "# Launch\n\n## Prepare\n\n- [ ] Draft the announcement post\n" }] });
export type MarkdownDocument = z.infer<typeof MarkdownDocument>;

export const ImportPlanInput = z.discriminatedUnion("format", [PlanDocument, MarkdownDocument]);
export type ImportPlanInput = z.infer<typeof ImportPlanInput>;

export const documentFormats = ["markdown", "json"] as const;
export const DocumentFormat = z.enum(documentFormats);
export type DocumentFormat = z.infer<typeof DocumentFormat>;

const importing = `The body is a plan as \`GET …/export\` gives it: the JSON as it stands, or the Markdown with the header
\`Content-Type: text/markdown\` (or in JSON, as \`content\`). \`docs/plan-files.md\` says what means what.`;

export const documents = {
	exportPlan: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/export",
		summary: "A plan as a file, in Markdown or JSON",
		description:
			"Importing it makes the same plan again, but for what belongs to this project: its people, requests, decisions and times, and dependencies on other plans.",
		tag: "documents",
		params: PlanParams,
		query: z.strictObject({ format: DocumentFormat.default("markdown") }),
		output: z.union([z.file().mime(["text/markdown"]), PlanDocument]),
	}),
	previewImport: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/import/preview",
		summary: "What a file would become as a plan; makes nothing",
		description: importing,
		tag: "documents",
		params: ProjectParams,
		body: ImportPlanInput,
		output: PlanDocument,
		refuses: ["unprocessable"],
	}),
	importPlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/import",
		summary: "Make a plan of a file",
		description: `${importing} The whole plan is made, or, if something in it can't be read, none of it; \`errors\` names the lines.`,
		tag: "documents",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: ImportPlanInput,
		output: Plan,
		status: 201,
		refuses: ["unprocessable"],
	}),
};
