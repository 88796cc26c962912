/** Keeps the token of a link that was opened, in this tab. */
const keptToken = (key: string) => ({
	/** What stands behind the #; after the way to GitHub and back, where that is lost, what stood there before. */
	remember: (hash: string): string => {
		try {
			if (hash === "") return sessionStorage.getItem(key) ?? "";
			sessionStorage.setItem(key, hash);
		} catch {
			// A browser that stores nothing loses the link on the way; opening it again helps.
		}
		return hash;
	},
	/** Once the link was followed it is of no more use. */
	forget: (): void => {
		try {
			sessionStorage.removeItem(key);
		} catch {
			// Nothing was stored then.
		}
	},
});

export const invitationToken = keptToken("agentplanner.invitation");
export const accountLinkToken = keptToken("agentplanner.account-link");
