import { type Plan, type PlanVisibility, planVisibilities } from "@agentplanner/contracts";
import { Button, Radio } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { visibilityLooks } from "../../components/status.tsx";
import { refreshPlan, showPlan } from "../../queries/plans.ts";
import { publicLinkQuery, setVisibility } from "../../queries/sharing.ts";

const meanings: Record<PlanVisibility, string> = {
	private: "Its owner, those it is shared with below, and the project's admins.",
	project: "All members of the project, each by their role there.",
	public: "Also everybody who has the link, without an account: the description and the tree with its statuses, to read.",
};

/** Saved at once, but for what ends a link that others may use. */
export const VisibilityChoice = ({ plan }: { plan: Plan }) => {
	const client = useQueryClient();
	const [asked, setAsked] = useState<PlanVisibility | null>(null);
	const save = useMutation({
		mutationFn: (visibility: PlanVisibility) => setVisibility(plan, visibility),
		onSuccess: async (saved) => {
			setAsked(null);
			await Promise.all([
				showPlan(client, saved),
				client.invalidateQueries({ queryKey: publicLinkQuery(plan.project_id, plan.id).queryKey }),
			]);
		},
		onError: () => refreshPlan(client, plan),
	});
	const choose = (visibility: PlanVisibility) => {
		if (save.isPending) return;
		if (plan.visibility === "public" && visibility !== "public") setAsked(visibility);
		else save.mutate(visibility);
	};
	return (
		<>
			<Radio.Group
				aria-labelledby="visibility-heading"
				value={asked ?? (save.isPending ? save.variables : plan.visibility)}
				onChange={(value) => choose(value as PlanVisibility)}
			>
				<div className="visibility-choice">
					{planVisibilities.map((visibility) => (
						<Radio key={visibility} value={visibility} label={visibilityLooks[visibility].label} description={meanings[visibility]} />
					))}
				</div>
			</Radio.Group>
			{asked !== null && plan.visibility === "public" && (
				<div className="share-ask">
					<span className="small">The public link stops working for everybody, for good.</span>
					<Button color="red" loading={save.isPending} onClick={() => save.mutate(asked)}>
						End the link
					</Button>
					<Button variant="default" onClick={() => setAsked(null)}>
						Keep it
					</Button>
				</div>
			)}
			{save.error !== null && <ErrorNotice error={save.error} />}
		</>
	);
};
