import type { Invitation, Plan } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError } from "../../components/states.tsx";
import { planInvitationsQuery, revokePlanInvitation } from "../../queries/sharing.ts";
import { planRoleWords } from "./plan-role-select.tsx";

/** Who was invited and has not come yet; nothing where nobody is. */
export const PlanInvitations = ({ plan, onRevoked }: { plan: Plan; onRevoked: (invitationId: string) => void }) => {
	const invitations = useQuery(planInvitationsQuery(plan.project_id, plan.id));
	if (invitations.isError) return <LoadError error={invitations.error} retry={() => void invitations.refetch()} />;
	const items = invitations.data?.items ?? [];
	if (items.length === 0) return null;
	return (
		<section aria-labelledby="plan-invitations-heading">
			<h3 className="section-title" id="plan-invitations-heading">
				Invited
			</h3>
			<ul className="rows card" aria-labelledby="plan-invitations-heading">
				{items.map((invitation) => (
					<InvitationRow key={invitation.id} plan={plan} invitation={invitation} onRevoked={() => onRevoked(invitation.id)} />
				))}
			</ul>
		</section>
	);
};

type RowProps = { plan: Plan; invitation: Invitation; onRevoked: () => void };

const InvitationRow = ({ plan, invitation, onRevoked }: RowProps) => {
	const client = useQueryClient();
	const revoke = useMutation({
		mutationFn: () => revokePlanInvitation(plan, invitation.id),
		onSuccess: onRevoked,
		onSettled: () => client.invalidateQueries({ queryKey: planInvitationsQuery(plan.project_id, plan.id).queryKey }),
	});
	return (
		<li>
			<div className="row-text">
				<strong className="wrap">{invitation.email}</strong>
				<div className="tiny dim">
					{invitation.plan !== null && `${planRoleWords[invitation.plan.role].label} · `}Expires <Moment at={invitation.expires_at} />
				</div>
				{revoke.error !== null && <ErrorNotice error={revoke.error} />}
			</div>
			<div className="row-actions">
				<Button
					variant="default"
					aria-label={`Revoke the invitation of ${invitation.email}`}
					loading={revoke.isPending}
					onClick={() => revoke.mutate()}
				>
					Revoke
				</Button>
			</div>
		</li>
	);
};
