import type { PlanNode } from "@agentplanner/contracts";
import { MarkdownField, type TextField } from "./markdown-field.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

const texts = [
	{ field: "description", label: "Description", placeholder: "What this is about." },
	{ field: "acceptance_criteria", label: "Acceptance criteria", placeholder: "How to tell that this is done." },
	{
		field: "agent_instructions",
		label: "Agent instructions",
		placeholder: "What an agent must know or respect. Passed on to everything below, too.",
	},
	{ field: "context", label: "Context", placeholder: "What one has to know beside it: background, links, findings." },
] as const satisfies { field: TextField; label: string; placeholder: string }[];

type Props = { node: PlanNode; readOnly: boolean };

/** The long texts of a node; those that are empty are one line together. */
export const NodeTexts = ({ node, readOnly }: Props) => (
	<div className="node-texts">
		{texts.map((text) => (
			<NodeText key={text.field} node={node} readOnly={readOnly} {...text} />
		))}
	</div>
);

const NodeText = ({ node, ...text }: Props & (typeof texts)[number]) => (
	<MarkdownField editor={useFieldEditor<TextField>(node, text.field)} {...text} />
);
