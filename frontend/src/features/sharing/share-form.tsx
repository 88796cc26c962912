import type { AddCollaboratorInput, AddedCollaborator, Plan, PlanRole } from "@agentplanner/contracts";
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CopyValue } from "../../components/copy-value.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { invitationLink } from "../../lib/invitation-link.ts";
import { describeError, fieldErrors, isProblem } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { addCollaborator, collaboratorsQuery, planInvitationsQuery } from "../../queries/sharing.ts";
import { PlanRoleSelect } from "./plan-role-select.tsx";

/** Shares the plan with an e-mail address; whoever has no account gets a link to make one. */
export const ShareForm = ({ plan }: { plan: Plan }) => {
	const client = useQueryClient();
	const [email, setEmail] = useState("");
	const [role, setRole] = useState<PlanRole>("editor");
	const [keys] = useState(createSubmissionKeys);
	const add = useMutation({
		mutationFn: (body: AddCollaboratorInput) => addCollaborator(plan, body, keys.keyFor(body)),
		onSuccess: () => {
			keys.done();
			setEmail("");
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
			{add.data !== undefined && <Added added={add.data} />}
		</>
	);
};

const Added = ({ added }: { added: AddedCollaborator }) => {
	if (added.state === "added")
		return (
			<p className="small dim wrap" role="status" style={{ margin: 0 }}>
				{added.collaborator.name} has an account here and finds the plan in it. AgentPlanner sends no mails: tell them.
			</p>
		);
	const { email, token, expires_at } = added.invitation;
	return (
		<Notice tone="amber" title={`Send this link to ${email} yourself`}>
			AgentPlanner sends no mails. It is shown only this once, works for that address alone, and expires <Moment at={expires_at} />.
			<CopyValue label="invitation link" value={invitationLink(window.location.origin, token)} />
		</Notice>
	);
};
