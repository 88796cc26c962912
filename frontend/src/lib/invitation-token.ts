const key = "agentplanner.invitation";

/** The token of the link that was opened; after the way to GitHub and back, where the part behind # is lost, the one from before. */
export const rememberInvitation = (hash: string): string => {
	try {
		if (hash === "") return sessionStorage.getItem(key) ?? "";
		sessionStorage.setItem(key, hash);
	} catch {
		// A browser that stores nothing loses the link on the way; opening it again helps.
	}
	return hash;
};

/** Once the invitation is accepted its link is of no more use. */
export const forgetInvitation = (): void => {
	try {
		sessionStorage.removeItem(key);
	} catch {
		// Nothing was stored then.
	}
};
