import type { InvitationPreview, OpenInvitation, PlanRole, Role, Session, SignInProblem } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { describeSignInProblem } from "../../lib/sign-in-problems.ts";
import { acceptInvitation } from "../../queries/members.ts";
import { logOut, sessionQuery } from "../../queries/session.ts";
import { CredentialsForm } from "./credentials-form.tsx";
import { GithubLink } from "./github-link.tsx";

const rights: Record<Role, string> = {
	owner: "an owner, who may do everything in it",
	admin: "an admin, who also connects channels and invites others",
	editor: "an editor, who plans and asks agents",
	viewer: "a viewer, who reads along",
	guest: "a guest, who sees what is shared with them",
};

const planRights: Record<PlanRole, string> = {
	admin: "an admin of this plan, who edits and shares it",
	editor: "an editor of this plan, who works in it, asks agents and decides",
	viewer: "a viewer of this plan, who reads along",
};

const ended = {
	expired: { title: "This invitation has expired", remedy: "They are good for seven days. Ask for a new one." },
	revoked: { title: "This invitation was withdrawn", remedy: "A newer link may be on its way to you. Otherwise ask for one." },
	accepted: { title: "This invitation was accepted already", remedy: "A link works once. If it was you, the project is among yours." },
};

const Ended = ({ state, isSignedIn }: { state: keyof typeof ended; isSignedIn: boolean }) => (
	<>
		<Notice tone="amber" title={ended[state].title} alert>
			{ended[state].remedy}
		</Notice>
		<Button component="a" href="/" size="sm" variant="default">
			{isSignedIn ? "Open AgentPlanner" : "Sign in"}
		</Button>
	</>
);

type Props = {
	token: string;
	invitation: InvitationPreview;
	session: Session | null;
	problem: SignInProblem | null;
	/** Where GitHub brings the browser back to. */
	returnTo: string;
	onJoined: (projectId: string, planId: string | null) => void;
};

export const InvitationView = ({ invitation, ...props }: Props) =>
	invitation.state === "open" ? (
		<OpenInvitationView invitation={invitation} {...props} />
	) : (
		<Ended state={invitation.state} isSignedIn={props.session !== null} />
	);

const OpenInvitationView = ({ token, invitation, session, problem, returnTo, onJoined }: Props & { invitation: OpenInvitation }) => {
	const client = useQueryClient();
	const { project, plan, role, email, invited_by, has_account } = invitation;
	const open = () => onJoined(project.id, plan?.id ?? null);
	const accept = useMutation({
		mutationFn: () => acceptInvitation(token),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: sessionQuery().queryKey });
			open();
		},
	});
	const signOut = useMutation({ mutationFn: logOut, onSuccess: () => client.resetQueries({ queryKey: sessionQuery().queryKey }) });
	const isInvited = session !== null && session.user.email.toLowerCase() === email.toLowerCase();
	// A guest joins one plan after the other.
	const isIn = plan === null && session?.projects.some(({ id }) => id === project.id) === true;

	return (
		<>
			<div className="auth-heading">
				<h1>
					{isIn
						? `You are in “${project.name}”`
						: `${invited_by ?? "Somebody"} invited you to ${plan === null ? "" : "the plan "}“${plan?.title ?? project.name}”`}
				</h1>
				{!isIn && (
					<p className="dim small">
						{plan !== null && `It is part of the project “${project.name}”. `}
						You would be {plan === null ? rights[role] : planRights[plan.role]}. The invitation expires{" "}
						<Moment at={invitation.expires_at} />.
					</p>
				)}
			</div>
			{problem !== null && (
				<Notice tone="red" title={describeSignInProblem(problem).title} alert>
					{describeSignInProblem(problem).remedy}
				</Notice>
			)}
			{accept.error !== null && <ErrorNotice error={accept.error} />}
			{signOut.error !== null && <ErrorNotice error={signOut.error} />}
			{isIn ? (
				<>
					<p className="small">You are a member of this project already.</p>
					<Button size="sm" onClick={open}>
						Open {project.name}
					</Button>
				</>
			) : session === null ? (
				<>
					<CredentialsForm
						mode={has_account ? "sign-in" : "register"}
						submitLabel={has_account ? "Sign in and accept" : "Create account and join"}
						invitation={{ email, token }}
						// A new account has joined with its first breath.
						onSignedIn={() => (has_account ? accept.mutate() : open())}
					/>
					<GithubLink returnTo={returnTo} />
				</>
			) : isInvited ? (
				<>
					<p className="small">You are signed in as {session.user.email}.</p>
					<Button size="sm" loading={accept.isPending} onClick={() => accept.mutate()}>
						Accept and open the {plan === null ? "project" : "plan"}
					</Button>
				</>
			) : (
				<>
					<Notice tone="amber" title={`It is for ${email}`} alert>
						You are signed in as {session.user.email}. Sign out here and come in with the invited address, or ask for an invitation of this
						one.
					</Notice>
					<Button size="sm" variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
						Sign out
					</Button>
				</>
			)}
		</>
	);
};
