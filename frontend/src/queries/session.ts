import type { LoginInput, RegisterInput, Session } from "@agentplanner/contracts";
import { queryOptions } from "@tanstack/react-query";
import { api, apiQueries, nothing, setCsrfToken } from "../lib/api-client.ts";
import { ownDrafts } from "../lib/drafts.ts";

const remember = (session: Session): Session => {
	setCsrfToken(session.csrf_token);
	ownDrafts(session.user.id);
	return session;
};

export const sessionQuery = () =>
	queryOptions({
		queryKey: ["session"],
		queryFn: async ({ signal }) => remember(await api.auth.getSession({ params: {}, ...nothing }, { signal })),
		staleTime: 5 * 60_000,
	});

/** What this installation offers to people who are not signed in. */
export const authMethodsQuery = () => apiQueries.auth.getMethods.queryOptions({ input: { params: {}, ...nothing }, retry: false });

export const logIn = async (body: LoginInput): Promise<Session> => remember(await api.auth.login({ params: {}, ...nothing, body }));

export const register = async (body: RegisterInput): Promise<Session> =>
	remember(await api.auth.register({ params: {}, ...nothing, body }));

export const logOut = async (): Promise<void> => {
	await api.auth.logout({ params: {}, ...nothing });
	setCsrfToken(null);
	ownDrafts(null);
};
