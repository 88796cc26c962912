import { type ContextSnapshot, type MessageContent, type OutboundMessage, reviseOption } from "@agentplanner/contracts";

type Content<Kind extends MessageContent["kind"]> = Extract<MessageContent, { kind: Kind }>;

const rules = `Your final reply in this conversation is passed on word for word as the answer. Write Markdown, without a greeting. Begin it otherwise only where you can't answer:
- INPUT_REQUIRED: and then your question, if you must know something from a person first; the reply comes here.
- DECISION_REQUIRED: and then a question that can be answered with yes or no, if people must decide before you go on; what they decide comes here.
- DECLINED: and then why, if this isn't for you.`;

const section = (title: string, text: string): string[] => (text.trim() === "" ? [] : [`## ${title}\n\n${text.trim()}`]);

const joined = (parts: (string | string[])[]): string => parts.flat().join("\n\n");

/** What the agent reads; null for what is not for agents. The same on every attempt, so nothing in it depends on the clock. */
export const promptOf = ({ content, link }: OutboundMessage): string | null => {
	switch (content.kind) {
		case "request":
			return requestPrompt(content, link);
		case "reply":
			return joined([`${content.from} replies to your question:`, content.text, `You had asked: ${content.in_reply_to}`, rules]);
		case "nudge":
			return joined([
				`${content.asked_by} still waits for your answer, by ${content.deadline_at}. If you have not finished, finish now; if you can't, say so.`,
				`The question was: ${content.question}`,
				rules,
			]);
		case "decision_outcome":
			return joined([
				decisionNews(content),
				...section("Comment", content.comment),
				`The question was: ${content.question}`,
				content.agent_request_id === null ? "No answer is needed." : rules,
			]);
		case "text":
			return joined([`${content.from} writes in AgentPlanner (${content.project.name}); no answer is needed:`, content.text]);
		default:
			return null;
	}
};

const requestPrompt = ({ question, asked_by, deadline_at, context }: Content<"request">, link: string | null): string =>
	joined([
		`${asked_by} asks you in AgentPlanner about the task “${context.node.title}”, to be answered by ${deadline_at}.`,
		`## Question\n\n${question}`,
		...taskSections(context),
		...(link ? [`People follow this at ${link}`] : []),
		`## How to answer\n\n${rules}`,
	]);

const taskSections = ({ project, plan, node, ancestors, history }: ContextSnapshot): string[] => [
	`## Task\n\n${[`${node.title} (${node.kind}, ${node.status})`, node.due_at ? `due ${node.due_at}` : "", `in the plan “${plan.title}” of ${project.name}`].filter(Boolean).join(", ")}`,
	...section("Instructions", node.agent_instructions),
	...section("Acceptance criteria", node.acceptance_criteria),
	...section("Plan", plan.description),
	...section(
		"Above it, from the plan's root down",
		ancestors.map(({ title, agent_instructions }) => `- ${title}${agent_instructions === "" ? "" : `: ${agent_instructions}`}`).join("\n"),
	),
	...section(
		"Asked about it before, newest first",
		history
			.map(({ question, answers }) => [`- ${question}`, ...answers.map(({ from, text }) => `  - ${from}: ${text}`)].join("\n"))
			.join("\n"),
	),
];

const decisionNews = ({ status, option, closed_by }: Content<"decision_outcome">): string => {
	if (option === null) return `What you asked people to decide was not decided: it is ${status}.`;
	if (option.id === reviseOption.id) return `${closed_by} wants changes before this is decided. Make them, and ask again.`;
	return `${status === "decided" ? (closed_by ?? "People") : "The deadline"} decided: ${option.label} (${option.id}).`;
};
