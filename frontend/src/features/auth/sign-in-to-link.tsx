import { linkAccountPath, type SignInProblem } from "@agentplanner/contracts";
import { Notice } from "../../components/notice.tsx";
import { describeSignInProblem } from "../../lib/sign-in-problems.ts";
import { CredentialsForm } from "./credentials-form.tsx";
import { GithubLink } from "./github-link.tsx";

/** For whoever opened the link before signing in; the link is kept. */
export const SignInToLink = ({ problem, onSignedIn }: { problem: SignInProblem | null; onSignedIn: () => void }) => (
	<>
		<div className="auth-heading">
			<h1>Sign in to link your account</h1>
			<p className="dim small">Then you see who would be linked to whom, before anything is.</p>
		</div>
		{problem !== null && (
			<Notice tone="red" title={describeSignInProblem(problem).title} alert>
				{describeSignInProblem(problem).remedy}
			</Notice>
		)}
		<CredentialsForm mode="sign-in" submitLabel="Sign in" onSignedIn={onSignedIn} />
		<GithubLink returnTo={linkAccountPath} />
	</>
);
