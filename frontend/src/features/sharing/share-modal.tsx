import type { Plan } from "@agentplanner/contracts";
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { LoadingRows } from "../../components/states.tsx";
import { usePlan } from "../../queries/rights.ts";
import { CollaboratorList } from "./collaborator-list.tsx";
import { PlanInvitations } from "./plan-invitations.tsx";
import { PublicLinkBox } from "./public-link-box.tsx";
import { ShareForm } from "./share-form.tsx";
import { VisibilityChoice } from "./visibility-choice.tsx";
import "../../components/rows.css";
import "./sharing.css";

type Props = { projectId: string /** Null: closed. */; planId: string | null; onClose: () => void };

/** Who sees a plan, and who works in it, for whoever may say so. */
export const ShareModal = ({ projectId, planId, onClose }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	const plan = usePlan(projectId, planId ?? undefined);
	return (
		<Modal
			opened={planId !== null}
			onClose={onClose}
			size={560}
			fullScreen={phone}
			title={<span className="wrap">Share{plan !== null && <span className="dim"> “{plan.title}”</span>}</span>}
			closeButtonProps={{ "aria-label": "Close" }}
		>
			{plan === null ? <LoadingRows rows={6} /> : <Sharing key={plan.id} plan={plan} />}
		</Modal>
	);
};

const Sharing = ({ plan }: { plan: Plan }) => (
	<div className="sharing">
		<section aria-labelledby="visibility-heading">
			<h3 className="section-title" id="visibility-heading">
				Who sees it
			</h3>
			<VisibilityChoice plan={plan} />
			{plan.visibility === "public" && <PublicLinkBox plan={plan} />}
		</section>
		<section aria-labelledby="people-heading">
			<h3 className="section-title" id="people-heading">
				Shared with
			</h3>
			<ShareForm plan={plan} />
			<CollaboratorList plan={plan} />
		</section>
		<PlanInvitations plan={plan} />
	</div>
);
