import type { PlanNode } from "@agentplanner/contracts";
import { MarkdownField } from "./markdown-field.tsx";

const texts = [
	{ field: "description", label: "Description", placeholder: "What this is about." },
	{ field: "acceptance_criteria", label: "Acceptance criteria", placeholder: "How to tell that this is done." },
	{
		field: "agent_instructions",
		label: "Agent instructions",
		placeholder: "What an agent must know or respect. Passed on to everything below, too.",
	},
	{ field: "context", label: "Context", placeholder: "What one has to know beside it: background, links, findings." },
] as const;

/** The long texts of a node; those that are empty are one line together. */
export const NodeTexts = ({ node, readOnly }: { node: PlanNode; readOnly: boolean }) => (
	<div className="node-texts">
		{texts.map(({ field, label, placeholder }) => (
			<MarkdownField key={field} node={node} field={field} label={label} placeholder={placeholder} readOnly={readOnly} />
		))}
	</div>
);
