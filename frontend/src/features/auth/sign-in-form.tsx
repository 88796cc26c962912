import type { SignInProblem } from "@agentplanner/contracts";
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Notice } from "../../components/notice.tsx";
import { describeSignInProblem } from "../../lib/sign-in-problems.ts";
import { authMethodsQuery } from "../../queries/session.ts";
import { AuthBox } from "./auth-box.tsx";
import { CredentialsForm } from "./credentials-form.tsx";
import { GithubLink } from "./github-link.tsx";

type Props = { returnTo: string; problem: SignInProblem | null; onSignedIn: () => void };

export const SignInForm = ({ returnTo, problem, onSignedIn }: Props) => {
	const methods = useQuery(authMethodsQuery());
	const signUp = methods.data?.sign_up ?? "open";
	const [chosen, setChosen] = useState<"sign-in" | "register" | null>(null);
	const mode = signUp === "invitation" ? "sign-in" : (chosen ?? (signUp === "first_account" ? "register" : "sign-in"));

	return (
		<AuthBox title="Sign in">
			<h1>{signUp === "first_account" ? "Make the first account" : mode === "register" ? "Create an account" : "Sign in"}</h1>
			{signUp !== "invitation" && (
				<SegmentedControl
					fullWidth
					value={mode}
					onChange={(value) => setChosen(value === "register" ? "register" : "sign-in")}
					aria-label="Sign in or create an account"
					data={[
						{ value: "sign-in", label: "Sign in" },
						{ value: "register", label: "Create account" },
					]}
				/>
			)}
			{problem !== null && (
				<Notice tone="red" title={describeSignInProblem(problem).title} alert>
					{describeSignInProblem(problem).remedy}
				</Notice>
			)}
			{problem === null && returnTo !== "/" && (
				<Notice tone="blue" title="Sign in to go on">
					You will be back where you were.
				</Notice>
			)}
			<CredentialsForm key={mode} mode={mode} submitLabel={mode === "register" ? "Create account" : "Sign in"} onSignedIn={onSignedIn} />
			<GithubLink returnTo={returnTo} />
			{signUp === "first_account" && <p className="dim tiny">It owns this installation. After it, accounts may be by invitation only.</p>}
			{signUp === "invitation" && (
				<p className="dim tiny">New here? Accounts are by invitation: ask an owner or admin of a project for a link.</p>
			)}
		</AuthBox>
	);
};
