import { linkAccountPath } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouterState } from "@tanstack/react-router";
import { useReducer } from "react";
import { Notice } from "../components/notice.tsx";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { AuthBox } from "../features/auth/auth-box.tsx";
import { LinkAccountView } from "../features/auth/link-account-view.tsx";
import { SignInToLink } from "../features/auth/sign-in-to-link.tsx";
import { accountLinkToken } from "../lib/link-tokens.ts";
import { isProblem } from "../lib/problems.ts";
import { sessionQuery } from "../queries/session.ts";

const route = getRouteApi(linkAccountPath);

/** What the link opens that a channel gave to somebody whom nobody knows here yet. Opening it links nothing. */
export const LinkAccountPage = () => {
	const { problem } = route.useSearch();
	const navigate = useNavigate();
	const token = accountLinkToken.remember(useRouterState({ select: ({ location }) => location.hash }));
	const session = useQuery(sessionQuery());
	// Signing in begins with an empty cache, of whose new session this page hears as soon as it is drawn again.
	const [, redraw] = useReducer((times: number) => times + 1, 0);

	const leave = async () => {
		await navigate({ to: "/", replace: true });
		// Not before: as long as this page is drawn, it remembers.
		accountLinkToken.forget();
	};

	const content = () => {
		if (token === "")
			return (
				<Notice tone="amber" title="This link is not whole" alert>
					Press the button in the channel again, and open the link that it answers with.
				</Notice>
			);
		if (isProblem(session.error, "unauthorized")) return <SignInToLink problem={problem ?? null} onSignedIn={redraw} />;
		if (session.isError) return <LoadError error={session.error} retry={() => void session.refetch()} />;
		if (session.isPending) return <LoadingRows rows={4} />;
		return <LinkAccountView token={token} session={session.data} onLeave={() => void leave()} />;
	};
	return <AuthBox title="Link your account">{content()}</AuthBox>;
};
