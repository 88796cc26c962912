import { type DocumentNode, type NodeKind, type NodeStatus, TaskMode, Timestamp, taskModes } from "@agentplanner/contracts";

/** How a document in Markdown says what a node is. `[ ]` and `[x]` are everybody's; the others are those of Obsidian's tasks. */
export const statusSigns = {
	not_started: " ",
	in_progress: "/",
	blocked: "!",
	completed: "x",
	cancelled: "-",
} as const satisfies Record<NodeStatus, string>;

export const kindWords = { phase: "Phase", task: "Task", milestone: "Milestone" } as const satisfies Record<NodeKind, string>;

/** What a heading, or a list item, is unless it says otherwise. */
export const headingKind: NodeKind = "phase";
export const itemKind: NodeKind = "task";

/** What a node can have beside its title and description, by the name under which it is written, and in that order. */
export const fieldNames = {
	due_at: "Due",
	labels: "Labels",
	task_mode: "Mode",
	agent_instructions: "Instructions",
	acceptance_criteria: "Acceptance criteria",
	context: "Context",
} as const satisfies Partial<Record<keyof DocumentNode, string>>;

export const descriptionName = "Description";

/** What a list item that begins with this word, in lower case, says about what it stands under. */
export const fieldKeys: ReadonlyMap<string, string> = new Map(
	Object.entries({ ...fieldNames, description: descriptionName }).map(([key, name]) => [name.toLowerCase(), key]),
);

/** What people call a part of a document. */
export const nameOf = (key: string): string => {
	const names: Record<string, string> = { ...fieldNames, description: descriptionName, title: "The title" };
	return names[key] ?? key;
};

/** With commas between; one that has commas or quotes itself stands in quotes, as in JSON. */
const writeLabels = (labels: string[]): string => labels.map((label) => (/[",]/.test(label) ? JSON.stringify(label) : label)).join(", ");

const readLabels = (text: string): string[] =>
	[...text.matchAll(/(?:^|,)\s*(?:("(?:[^"\\]|\\["\\])*")\s*(?=,|$)|([^,]*))/g)]
		.map(([, quoted, plain = ""]) => (quoted === undefined ? plain.trim() : String(JSON.parse(quoted))))
		.filter((label) => label !== "");

/** A due day means its end; its date alone is written, and read, as that in UTC. */
const endOfDay = "T23:59:59.000Z";

/** The value as its field says it; "" for what needs no field. */
export const writeValue = (node: DocumentNode, key: keyof typeof fieldNames): string => {
	if (key === "task_mode") return node.task_mode === "free" ? "" : node.task_mode;
	if (key === "labels") return writeLabels(node.labels);
	if (key !== "due_at") return node[key];
	const moment = node.due_at === null ? "" : new Date(node.due_at).toISOString();
	return moment.endsWith(endOfDay) ? moment.slice(0, 10) : moment.replace(".000Z", "Z");
};

/** The value that a field's text stands for, or what is wrong with it. */
export const readValue = (key: string, text: string): { value: string | string[] } | { problem: string } => {
	if (key === "labels") return { value: readLabels(text) };
	if (key === "task_mode") {
		const mode = TaskMode.safeParse(text.trim().toLowerCase());
		return mode.success ? { value: mode.data } : { problem: `is one of ${taskModes.join(", ")}.` };
	}
	if (key !== "due_at") return { value: text };
	const day = text.trim();
	const moment = Timestamp.safeParse(/^\d{4}-\d\d-\d\d$/.test(day) ? day + endOfDay : day);
	return moment.success
		? { value: new Date(moment.data).toISOString() }
		: { problem: "is a day such as 2027-03-01, or a moment such as 2027-03-01T09:00:00Z." };
};
