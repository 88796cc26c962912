import {
	type DocumentNode,
	type NodeKind,
	type NodeStatus,
	PlanStatus,
	planStatuses,
	TaskMode,
	Timestamp,
	taskModes,
} from "@agentplanner/contracts";

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
	waits_for: "Waits for",
	relates_to: "Related to",
} as const satisfies Partial<Record<keyof DocumentNode, string>>;

export const descriptionName = "Description";
/** What others call a node whose title is not its alone. */
export const ownIdName = "Id";

/** Of the plan alone. */
export const planStatusName = "Status";
export const defaultPlanStatus: PlanStatus = "active";

const keysOf = (names: Record<string, string>): ReadonlyMap<string, string> =>
	new Map(Object.entries(names).map(([key, name]) => [name.toLowerCase(), key]));

/** What a list item that begins with this word, in lower case, says about the node it stands under. */
export const nodeFieldKeys = keysOf({ ...fieldNames, description: descriptionName, ownId: ownIdName });
/** The same of the plan. What only nodes have is known here, too, so that it can be refused. */
export const planFieldKeys = new Map([...nodeFieldKeys, ...keysOf({ status: planStatusName })]);

/** What people call a part of a document. */
export const nameOf = (key: string): string => {
	const names: Record<string, string> = { ...fieldNames, description: descriptionName, status: planStatusName, title: "The title" };
	return names[key] ?? key;
};

/** With commas between; one that has commas or quotes itself stands in quotes, as in JSON. */
const writeList = (words: string[]): string => words.map((word) => (/[",]/.test(word) ? JSON.stringify(word) : word)).join(", ");

const readList = (text: string): string[] =>
	[...text.matchAll(/(?:^|,)\s*(?:("(?:[^"\\]|\\["\\])*")\s*(?=,|$)|([^,]*))/g)]
		.map(([, quoted, plain = ""]) => (quoted === undefined ? plain.trim() : String(JSON.parse(quoted))))
		.filter((word) => word !== "");

/** A due day means its end; its date alone is written, and read, as that in UTC. */
const endOfDay = "T23:59:59.000Z";

/** The value as its field says it; "" for what needs no field. `nameOfNode` is what others are called by. */
export const writeValue = (node: DocumentNode, key: keyof typeof fieldNames, nameOfNode: (id: string) => string): string => {
	if (key === "task_mode") return node.task_mode === "free" ? "" : node.task_mode;
	if (key === "labels") return writeList(node.labels);
	if (key === "waits_for" || key === "relates_to") return writeList(node[key].map(nameOfNode));
	if (key !== "due_at") return node[key];
	const moment = node.due_at === null ? "" : new Date(node.due_at).toISOString();
	return moment.endsWith(endOfDay) ? moment.slice(0, 10) : moment.replace(".000Z", "Z");
};

/** The value that a field's text stands for (of links the names of the others), or what is wrong with it. */
export const readValue = (key: string, text: string): { value: string | string[] } | { problem: string } => {
	if (key === "labels" || key === "waits_for" || key === "relates_to") return { value: readList(text) };
	if (key === "status") {
		const status = PlanStatus.safeParse(text.trim().toLowerCase());
		return status.success ? { value: status.data } : { problem: `is one of ${planStatuses.join(", ")}.` };
	}
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
