import type { ContextSnapshot } from "@agentplanner/contracts";
import type { ReactNode } from "react";
import { formatMinute } from "../time/format.ts";
import { nodeStatusLooks } from "./status.tsx";
import "./context-view.css";

/** What an agent is told beside the question, as a person reads it. */
export const ContextView = ({ context: { project, plan, node, ancestors, history } }: { context: ContextSnapshot }) => {
	const instructed = ancestors.filter((ancestor) => ancestor.agent_instructions !== "");
	return (
		<dl className="context">
			<Part term="Where">{[project.name, plan.title, ...ancestors.map((ancestor) => ancestor.title)].join(" / ")}</Part>
			<Part term="Task">
				{node.title} <span className="dim">({nodeStatusLooks[node.status].label.toLowerCase()})</span>
			</Part>
			{node.due_at !== null && <Part term="Due">{formatMinute(node.due_at)}</Part>}
			{plan.description !== "" && <Part term="Plan">{plan.description}</Part>}
			{instructed.map((ancestor) => (
				<Part key={ancestor.id} term={`Instructions of “${ancestor.title}”`}>
					{ancestor.agent_instructions}
				</Part>
			))}
			{node.agent_instructions !== "" && <Part term="Instructions">{node.agent_instructions}</Part>}
			{node.acceptance_criteria !== "" && <Part term="Acceptance criteria">{node.acceptance_criteria}</Part>}
			{history.length > 0 && (
				<Part term="Asked before">
					{history
						.map((entry) => `${entry.question}${entry.answers.map((answer) => `\n→ ${answer.from}: ${answer.text}`).join("")}`)
						.join("\n\n")}
				</Part>
			)}
		</dl>
	);
};

const Part = ({ term, children }: { term: string; children: ReactNode }) => (
	<div>
		<dt>{term}</dt>
		<dd className="pre">{children}</dd>
	</div>
);
