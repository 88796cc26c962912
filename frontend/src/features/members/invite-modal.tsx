import type { CreatedInvitation, CreateInvitationInput, Role } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { CopyValue } from "../../components/copy-value.tsx";
import { FormProblem } from "../../components/form-problem.tsx";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { invitationLink } from "../../lib/invitation-link.ts";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createInvitation, invitationsQuery } from "../../queries/members.ts";
import { RoleSelect } from "./role-select.tsx";

type Props = { projectId: string; opened: boolean; onClose: () => void; ownerToo: boolean };

export const InviteModal = ({ projectId, opened, onClose, ownerToo }: Props) => {
	const [created, setCreated] = useState<CreatedInvitation | null>(null);
	const finish = () => {
		onClose();
		setCreated(null);
	};
	return (
		<Modal
			opened={opened}
			onClose={finish}
			title={created === null ? "Invite somebody" : "Send this link"}
			closeButtonProps={{ "aria-label": "Close" }}
			// The link is shown once: a slip of the mouse must not take it away.
			closeOnClickOutside={created === null}
			closeOnEscape={created === null}
		>
			{created === null ? (
				<InviteForm projectId={projectId} ownerToo={ownerToo} onCreated={setCreated} />
			) : (
				<CreatedLink created={created} onDone={finish} />
			)}
		</Modal>
	);
};

const CreatedLink = ({ created, onDone }: { created: CreatedInvitation; onDone: () => void }) => (
	<Stack gap="sm">
		<Notice tone="amber" title={`Send it to ${created.email} yourself`}>
			AgentPlanner sends no mails. The link is shown only this once, works for that address alone, and expires{" "}
			<Moment at={created.expires_at} />.
		</Notice>
		<CopyValue label="link" value={invitationLink(window.location.origin, created.token)} />
		<Group justify="end">
			<Button onClick={onDone}>I have copied it</Button>
		</Group>
	</Stack>
);

type FormProps = { projectId: string; ownerToo: boolean; onCreated: (invitation: CreatedInvitation) => void };

const InviteForm = ({ projectId, ownerToo, onCreated }: FormProps) => {
	const client = useQueryClient();
	const [email, setEmail] = useState("");
	const [role, setRole] = useState<Role>("editor");
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (body: CreateInvitationInput) => createInvitation(projectId, body, keys.keyFor(body)),
		onSuccess: onCreated,
		// The first one's answer was lost: what it made stands in the list, and sending again makes another.
		onError: (error) => {
			if (isProblem(error, "conflict")) keys.done();
		},
		onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery(projectId).queryKey }),
	});
	const errors = fieldErrors(create.error);
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (!create.isPending) create.mutate({ email: email.trim(), role });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={["email", "role"]} />
				<TextInput
					label="E-mail"
					description="The account that accepts must have this address."
					type="email"
					required
					data-autofocus
					value={email}
					onChange={(event) => setEmail(event.currentTarget.value)}
					error={errors.email ?? null}
				/>
				<RoleSelect label="Role" ownerToo={ownerToo} value={role} onChange={setRole} error={errors.role ?? null} />
				<Group justify="end">
					<Button type="submit" loading={create.isPending}>
						Make the link
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
