import type { CreatedInvitation, Plan } from "@agentplanner/contracts";
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { LoadingRows } from "../../components/states.tsx";
import { usePlan } from "../../queries/rights.ts";
import { CollaboratorList } from "./collaborator-list.tsx";
import { InvitationLinks } from "./invitation-links.tsx";
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
	const [invited, setInvited] = useState<CreatedInvitation[]>([]);
	return (
		<Modal
			opened={planId !== null}
			onClose={() => {
				setInvited([]);
				onClose();
			}}
			size={560}
			fullScreen={phone}
			title={<span className="wrap">Share{plan !== null && <span className="dim"> “{plan.title}”</span>}</span>}
			closeButtonProps={{ "aria-label": "Close" }}
			// Links are shown once: a slip of the mouse must not take them away.
			closeOnClickOutside={invited.length === 0}
			closeOnEscape={invited.length === 0}
		>
			{plan === null ? <LoadingRows rows={6} /> : <Sharing key={plan.id} plan={plan} invited={invited} onInvited={setInvited} />}
		</Modal>
	);
};

type SharingProps = { plan: Plan; invited: CreatedInvitation[]; onInvited: (invited: CreatedInvitation[]) => void };

const Sharing = ({ plan, invited, onInvited }: SharingProps) => (
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
			<ShareForm
				plan={plan}
				// Another invitation of the same address ends the one before.
				onInvited={(made) => onInvited([made, ...invited.filter(({ email }) => email !== made.email)])}
			/>
			<InvitationLinks invitations={invited} />
			<CollaboratorList plan={plan} />
		</section>
		<PlanInvitations plan={plan} onRevoked={(revokedId) => onInvited(invited.filter(({ id }) => id !== revokedId))} />
	</div>
);
