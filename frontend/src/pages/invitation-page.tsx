import { invitationPath } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouterState } from "@tanstack/react-router";
import { Notice } from "../components/notice.tsx";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { AuthBox } from "../features/auth/auth-box.tsx";
import { InvitationView } from "../features/auth/invitation-view.tsx";
import { invitationToken } from "../lib/link-tokens.ts";
import { isProblem } from "../lib/problems.ts";
import { invitationQuery } from "../queries/members.ts";
import { sessionQuery } from "../queries/session.ts";

const route = getRouteApi("/invitation");

/** What an invitation's link opens: who invites to what, and how to accept. */
export const InvitationPage = () => {
	const { problem } = route.useSearch();
	const navigate = useNavigate();
	const token = invitationToken.remember(useRouterState({ select: ({ location }) => location.hash }));
	const session = useQuery(sessionQuery());
	const invitation = useQuery(invitationQuery(token));
	const isNobody = isProblem(session.error, "unauthorized");

	const open = async (projectId: string, planId: string | null) => {
		await (planId === null
			? navigate({ to: "/projects/$projectId", params: { projectId }, replace: true })
			: navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId }, replace: true }));
		// Not before: as long as this page is drawn, it remembers.
		invitationToken.forget();
	};

	const content = () => {
		if (token === "" || isProblem(invitation.error, "not_found"))
			return (
				<Notice tone="amber" title="This link is not whole" alert>
					Copy all of it from the message it came in, up to its last character.
				</Notice>
			);
		if (invitation.isError) return <LoadError error={invitation.error} retry={() => void invitation.refetch()} />;
		if (session.isError && !isNobody) return <LoadError error={session.error} retry={() => void session.refetch()} />;
		if (invitation.isPending || session.isPending) return <LoadingRows rows={4} />;
		return (
			<InvitationView
				token={token}
				invitation={invitation.data}
				session={session.data ?? null}
				problem={problem ?? null}
				returnTo={invitationPath}
				onJoined={(projectId, planId) => void open(projectId, planId)}
			/>
		);
	};
	return <AuthBox title="Invitation">{content()}</AuthBox>;
};
