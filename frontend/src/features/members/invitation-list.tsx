import type { Invitation } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/section.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { invitationsQuery, revokeInvitation } from "../../queries/members.ts";
import { roleWords } from "./role-words.ts";

export const InvitationList = ({ projectId }: { projectId: string }) => {
	const client = useQueryClient();
	const invitations = useQuery(invitationsQuery(projectId));
	const items = invitations.data?.items ?? [];
	return (
		<Section
			id="invitations-heading"
			title="Invitations"
			about="They wait to be accepted. A link is shown only when it is made; invite again for a new one."
		>
			{invitations.isPending && <LoadingRows rows={2} />}
			{invitations.isError && invitations.data === undefined && (
				<LoadError error={invitations.error} retry={() => void invitations.refetch()} />
			)}
			{invitations.data !== undefined && items.length === 0 && <p className="small dim">Nobody is invited.</p>}
			{items.length > 0 && (
				<ul className="rows card" aria-labelledby="invitations-heading">
					{items.map((invitation) => (
						<InvitationRow
							key={invitation.id}
							invitation={invitation}
							revoke={async () => {
								await revokeInvitation(projectId, invitation.id);
								await client.invalidateQueries({ queryKey: invitationsQuery(projectId).queryKey });
							}}
						/>
					))}
				</ul>
			)}
		</Section>
	);
};

const InvitationRow = ({ invitation, revoke }: { invitation: Invitation; revoke: () => Promise<void> }) => {
	const [asking, setAsking] = useState(false);
	return (
		<li>
			<div className="row-text">
				<strong className="wrap">{invitation.email}</strong>
				<div className="tiny dim">
					{roleWords[invitation.role].label} · Expires <Moment at={invitation.expires_at} />
				</div>
			</div>
			<div className="row-actions">
				<Button variant="default" aria-label={`Revoke the invitation of ${invitation.email}`} onClick={() => setAsking(true)}>
					Revoke
				</Button>
			</div>
			<ConfirmModal
				opened={asking}
				onClose={() => setAsking(false)}
				title={`Revoke the invitation of ${invitation.email}?`}
				confirmLabel="Revoke invitation"
				act={revoke}
			>
				Its link stops working. They can be invited again.
			</ConfirmModal>
		</li>
	);
};
