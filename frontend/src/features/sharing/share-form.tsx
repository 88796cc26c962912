import type { AddCollaboratorInput, CreatedInvitation, Plan, PlanRole } from "@agentplanner/contracts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { describeError, fieldErrors, isProblem } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { addCollaborator, collaboratorsQuery, planInvitationsQuery } from "../../queries/sharing.ts";
import { PlanRoleSelect } from "./plan-role-select.tsx";

type Props = { plan: Plan; onInvited: (invitation: CreatedInvitation) => void };

/** Shares the plan with an e-mail address; whoever has no account gets an invitation, whose link is shown this once. */
export const ShareForm = ({ plan, onInvited }: Props) => {
	const client = useQueryClient();
	const [email, setEmail] = useState("");
	const [role, setRole] = useState<PlanRole>("editor");
	const [keys] = useState(createSubmissionKeys);
	const add = useMutation({
		mutationFn: (body: AddCollaboratorInput) => addCollaborator(plan, body, keys.keyFor(body)),
		onSuccess: (added) => {
			keys.done();
			setEmail("");
			if (added.state !== "added") onInvited(added.invitation);
		},
		onError: (error) => {
			if (isProblem(error, "conflict")) keys.done();
		},
		onSettled: () =>
			Promise.all(
				[collaboratorsQuery, planInvitationsQuery].map((query) =>
					client.invalidateQueries({ queryKey: query(plan.project_id, plan.id).queryKey }),
				),
			),
	});
	const errors = fieldErrors(add.error);
	// Who has it already: that is about the address, too.
	const known = isProblem(add.error, "conflict") ? describeError(add.error).detail : null;
	return (
		<>
			<form
				noValidate
				onSubmit={(event) => {
					event.preventDefault();
					if (!add.isPending) add.mutate({ email: email.trim(), role });
				}}
			>
				{known === null && <FormProblem error={add.error} shown={["email", "role"]} />}
				<div className="share-form">
					<TextInput
						aria-label="E-mail"
						placeholder="E-mail address"
						type="email"
						required
						value={email}
						onChange={(event) => setEmail(event.currentTarget.value)}
						error={errors.email ?? known}
					/>
					<PlanRoleSelect aria-label="Role" value={role} onChange={setRole} error={errors.role ?? null} />
					<Button type="submit" size="sm" loading={add.isPending}>
						Share
					</Button>
				</div>
			</form>
			{add.data?.state === "added" && (
				<p className="small dim wrap" role="status" style={{ margin: 0 }}>
					{add.data.collaborator.name} has an account here and finds the plan in it. AgentPlanner sends no mails: tell them.
				</p>
			)}
		</>
	);
};
