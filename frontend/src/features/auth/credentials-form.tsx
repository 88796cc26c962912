import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { logIn, register, sessionQuery } from "../../queries/session.ts";

type Props = {
	mode: "sign-in" | "register";
	submitLabel: string;
	/** Whom an invitation is for: nobody else can accept it. */
	invitation?: { email: string; token: string };
	onSignedIn: () => void;
};

/** E-mail and password, with a name for a new account. */
export const CredentialsForm = ({ mode, submitLabel, invitation, onSignedIn }: Props) => {
	const client = useQueryClient();
	const [typedEmail, setEmail] = useState("");
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const email = invitation?.email ?? typedEmail;
	const isNew = mode === "register";

	const submit = useMutation({
		mutationFn: () =>
			isNew ? register({ email, name, password, ...(invitation && { invitation_token: invitation.token }) }) : logIn({ email, password }),
		onSuccess: (session) => {
			const known = client.getQueryData(sessionQuery().queryKey);
			// Another person's reads must not be shown to this one.
			if (known?.user.id !== session.user.id) client.clear();
			client.setQueryData(sessionQuery().queryKey, session);
			onSignedIn();
		},
	});
	const errors = fieldErrors(submit.error);
	const isAboutFields = isProblem(submit.error, "invalid_input") || isProblem(submit.error, "unprocessable");
	const atFields = isAboutFields && Object.keys(errors).length > 0;

	const onSubmit = (event: FormEvent) => {
		event.preventDefault();
		if (!submit.isPending) submit.mutate();
	};

	return (
		<form onSubmit={onSubmit} noValidate>
			<Stack gap="sm">
				{submit.error !== null && !atFields && <ErrorNotice error={submit.error} />}
				{isNew && (
					<TextInput
						label="Name"
						autoComplete="name"
						required
						autoFocus={invitation !== undefined}
						value={name}
						onChange={(event) => setName(event.currentTarget.value)}
						error={errors.name ?? null}
					/>
				)}
				<TextInput
					label="E-mail"
					type="email"
					autoComplete="username"
					required
					autoFocus={invitation === undefined}
					readOnly={invitation !== undefined}
					variant={invitation === undefined ? "default" : "filled"}
					value={email}
					onChange={(event) => setEmail(event.currentTarget.value)}
					error={errors.email ?? null}
				/>
				<PasswordInput
					label="Password"
					description={isNew ? "At least 10 characters" : null}
					autoComplete={isNew ? "new-password" : "current-password"}
					required
					autoFocus={invitation !== undefined && !isNew}
					size="sm"
					value={password}
					onChange={(event) => setPassword(event.currentTarget.value)}
					error={errors.password ?? null}
					visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
				/>
				<Button type="submit" size="sm" loading={submit.isPending} mt="xs">
					{submitLabel}
				</Button>
			</Stack>
		</form>
	);
};
