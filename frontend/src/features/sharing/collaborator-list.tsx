import type { Collaborator, Plan, PlanRole } from "@agentplanner/contracts";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCrown, IconUserMinus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { refreshPlan, showPlan } from "../../queries/plans.ts";
import { sessionQuery } from "../../queries/session.ts";
import { changeCollaborator, collaboratorsQuery, removeCollaborator, setPlanOwner } from "../../queries/sharing.ts";
import { PlanRoleSelect } from "./plan-role-select.tsx";

/** Whose plan it is, and with whom it is shared. */
export const CollaboratorList = ({ plan }: { plan: Plan }) => {
	const collaborators = useQuery(collaboratorsQuery(plan.project_id, plan.id));
	if (collaborators.isPending) return <LoadingRows rows={2} />;
	if (collaborators.data === undefined) return <LoadError error={collaborators.error} retry={() => void collaborators.refetch()} />;
	return (
		<ul className="rows card" aria-labelledby="people-heading">
			{collaborators.data.items.map((collaborator) => (
				<CollaboratorRow key={collaborator.user_id} plan={plan} collaborator={collaborator} />
			))}
		</ul>
	);
};

const CollaboratorRow = ({ plan, collaborator }: { plan: Plan; collaborator: Collaborator }) => {
	const client = useQueryClient();
	const me = useQuery(sessionQuery()).data?.user.id;
	const { user_id: userId, name, email, role } = collaborator;
	const onSettled = () => client.invalidateQueries({ queryKey: collaboratorsQuery(plan.project_id, plan.id).queryKey });
	const change = useMutation({ mutationFn: (next: PlanRole) => changeCollaborator(plan, userId, next), onSettled });
	const remove = useMutation({ mutationFn: () => removeCollaborator(plan, userId), onSettled });
	const [handing, setHanding] = useState(false);
	const hand = useMutation({
		mutationFn: () => setPlanOwner(plan, userId),
		onSuccess: (handed) => showPlan(client, handed),
		onError: () => refreshPlan(client, plan),
		onSettled: () => {
			setHanding(false);
			return onSettled();
		},
	});
	const error = change.error ?? remove.error ?? hand.error;
	return (
		<li className="row-folds">
			<div className="row-text">
				<div className="row-head">
					<strong>{name}</strong>
					{userId === me && <span className="tiny dim">you</span>}
				</div>
				{email !== null && <div className="tiny dim wrap">{email}</div>}
				{handing && (
					<div className="share-ask">
						<span className="small">
							The plan will be {name}’s. Today’s owner stays as an admin, whom {name} can remove.
						</span>
						<Button color="red" size="compact-sm" loading={hand.isPending} onClick={() => hand.mutate()}>
							Make {name} the owner
						</Button>
						<Button variant="default" size="compact-sm" onClick={() => setHanding(false)}>
							Keep it
						</Button>
					</div>
				)}
				{error !== null && <ErrorNotice error={error} />}
			</div>
			<div className="row-actions">
				{role === "owner" ? (
					<span className="dim">Owner</span>
				) : (
					<>
						<PlanRoleSelect
							aria-label={`Role of ${name}`}
							size="xs"
							w={100}
							disabled={change.isPending}
							value={change.isPending ? change.variables : role}
							onChange={change.mutate}
						/>
						<Tooltip label="Make owner">
							<ActionIcon variant="subtle" color="gray" aria-label={`Make ${name} the owner…`} onClick={() => setHanding(true)}>
								<IconCrown size={16} />
							</ActionIcon>
						</Tooltip>
						<Tooltip label="Share with them no longer">
							<ActionIcon
								variant="subtle"
								color="gray"
								aria-label={`Remove ${name}`}
								loading={remove.isPending}
								onClick={() => remove.mutate()}
							>
								<IconUserMinus size={16} />
							</ActionIcon>
						</Tooltip>
					</>
				)}
			</div>
		</li>
	);
};
