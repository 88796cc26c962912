import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const linkedAccountsQuery = () => apiQueries.auth.listLinkedAccounts.queryOptions({ input: { params: {}, ...nothing } });

export const unlinkAccount = (linkedAccountId: string) => api.auth.unlinkAccount({ params: { linkedAccountId }, ...nothing });

/** Whom a link from a platform speaks of; nobody is asked before they have signed in. */
export const accountLinkQuery = (token: string, enabled: boolean) =>
	apiQueries.auth.previewLink.queryOptions({ input: { params: {}, ...nothing, body: { token } }, enabled: enabled && token !== "" });

export const linkAccount = (token: string) => api.auth.linkAccount({ params: {}, ...nothing, body: { token } });
