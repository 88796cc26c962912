import { Button, PasswordInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { logIn, register, sessionQuery } from "../../queries/session.ts";
import "./sign-in-form.css";

type Mode = "sign-in" | "register";

export const SignInForm = ({ expired, onSignedIn }: { expired: boolean; onSignedIn: () => void }) => {
	const client = useQueryClient();
	const [mode, setMode] = useState<Mode>("sign-in");
	const [email, setEmail] = useState("");
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");

	const submit = useMutation({
		mutationFn: () => (mode === "sign-in" ? logIn({ email, password }) : register({ email, name, password })),
		onSuccess: (session) => {
			const known = client.getQueryData(sessionQuery().queryKey);
			// Another person's reads must not be shown to this one.
			if (known?.user.id !== session.user.id) client.clear();
			client.setQueryData(sessionQuery().queryKey, session);
			onSignedIn();
		},
	});
	const errors = fieldErrors(submit.error);
	const atFields = isProblem(submit.error, "invalid_input") && Object.keys(errors).length > 0;

	const onSubmit = (event: FormEvent) => {
		event.preventDefault();
		if (!submit.isPending) submit.mutate();
	};
	const choose = (value: string) => {
		submit.reset();
		setMode(value as Mode);
	};

	return (
		<main className="sign-in">
			<title>Sign in · AgentPlanner</title>
			<div className="sign-in-box">
				<div className="sign-in-brand">
					<img src="/favicon.svg" alt="" width={32} height={32} />
					<h1>AgentPlanner</h1>
				</div>
				<p className="dim small">Plans for people, answers from agents.</p>
				<SegmentedControl
					fullWidth
					value={mode}
					onChange={choose}
					aria-label="Sign in or create an account"
					data={[
						{ value: "sign-in", label: "Sign in" },
						{ value: "register", label: "Create account" },
					]}
				/>
				{expired && submit.error === null && (
					<Notice tone="blue" title="Sign in to go on">
						You will be back where you were.
					</Notice>
				)}
				{submit.error !== null && !atFields && <ErrorNotice error={submit.error} />}
				<form onSubmit={onSubmit} noValidate>
					<Stack gap="sm">
						{mode === "register" && (
							<TextInput
								label="Name"
								autoComplete="name"
								required
								value={name}
								onChange={(event) => setName(event.currentTarget.value)}
								error={errors.name ?? null}
							/>
						)}
						<TextInput
							label="E-mail"
							type="email"
							autoComplete="email"
							required
							autoFocus
							value={email}
							onChange={(event) => setEmail(event.currentTarget.value)}
							error={errors.email ?? null}
						/>
						<PasswordInput
							label="Password"
							description={mode === "register" ? "At least 10 characters" : null}
							autoComplete={mode === "register" ? "new-password" : "current-password"}
							required
							size="sm"
							value={password}
							onChange={(event) => setPassword(event.currentTarget.value)}
							error={errors.password ?? null}
							visibilityToggleButtonProps={{ "aria-label": "Show or hide the password" }}
						/>
						<Button type="submit" size="sm" loading={submit.isPending} mt="xs">
							{mode === "register" ? "Create account" : "Sign in"}
						</Button>
					</Stack>
				</form>
				{mode === "register" && (
					<p className="dim tiny">The first account owns this installation. After it, accounts may be by invitation only.</p>
				)}
			</div>
		</main>
	);
};
