import type { Plan } from "@agentplanner/contracts";
import { useMayInPlan } from "../../queries/rights.ts";
import { holderOf, planStore } from "./field-stores.ts";
import { MarkdownField } from "./markdown-field.tsx";
import { useFieldEditor } from "./use-field-editor.ts";
import "./plan-description.css";

const twoLinesPx = 44;

/** What a plan is about, above what is in it; nothing where that is empty and may not be written. */
export const PlanDescription = ({ plan }: { plan: Plan }) => {
	const mayWrite = useMayInPlan(plan.project_id, plan.id)("plans:write");
	const editor = useFieldEditor(holderOf(plan), "description", planStore);
	return (
		<div className="plan-description">
			<MarkdownField
				editor={editor}
				field="description"
				label="Description"
				placeholder="What this plan is about. Agents read it with every question."
				readOnly={!mayWrite}
				foldedPx={twoLinesPx}
			/>
		</div>
	);
};
