/** Every reason code of a request or a delivery: what it means in a few words, and what to do about it. */
export const reasonCatalogue = {
	no_route: { title: "Nowhere to send it", remedy: "Add a route to the agent, the plan or the project, then ask again." },
	plan_private: {
		title: "The plan has become private",
		remedy: "Give the plan or the agent a route of its own and ask again, or let everybody see the plan and send it again.",
	},
	integration_disabled: { title: "The integration is disabled", remedy: "Enable it under Integrations; what waits goes out at once." },
	integration_held: {
		title: "The integration is held",
		remedy: "It is tried again by itself. Test it under Integrations to see what is wrong.",
	},
	throttled: { title: "It waits its turn", remedy: "Nothing to do. If the receiver can take more, raise its limit under Integrations." },
	breaker_open: {
		title: "The receiver hasn't answered many times in a row",
		remedy: "Look whether the receiver runs. One message at a time tries it, and the rest goes out as soon as it answers.",
	},
	undeliverable: { title: "No delivery can bring an answer", remedy: "Mend what the dead delivery names, then send it again." },
	policy_unmet: {
		title: "Too few answers came",
		remedy: "Read the answers that came, or ask again with a smaller number.",
	},
	declined: { title: "Everybody declined", remedy: "Read why in the conversation, change the task or ask somebody else." },
	expired: { title: "The deadline passed", remedy: "Ask again with a later deadline." },
	lost: { title: "Workers stopped while sending", remedy: "Look into the workers' logs; it is tried again by itself." },
	gave_up_waiting: {
		title: "Given up before the deadline",
		remedy: "Ask again, or ask somebody else. How long is waited is set in the project's settings, or at the agent.",
	},
	reply_undelivered: { title: "A reply did not arrive", remedy: "Mend what the dead delivery names and send it again, or reply anew." },
	exhausted: {
		title: "Every attempt failed",
		remedy: "The receiver was down or failing for days. Bring it back up, test it under Integrations, then send again.",
	},
	unclear: {
		title: "Nobody can tell whether it arrived",
		remedy: "Look on the platform. Send again what is missing there; discard what is there.",
	},
	rejected: {
		title: "The receiver refused it",
		remedy: "Read what the receiver said, mend the channel, the address or the receiver, then send again.",
	},
	unauthorized: { title: "The credentials were refused", remedy: "Give the integration new credentials under Integrations and test it." },
	rate_limited: { title: "The platform asked for patience", remedy: "Nothing to do: it is tried again once the wait is over." },
	unavailable: { title: "The receiver could not be reached", remedy: "It is tried again by itself. See that the receiver is up." },
} as const satisfies Record<string, { title: string; remedy: string }>;

export type ReasonCode = keyof typeof reasonCatalogue;

/** Those with which a delivery gives up. */
export const deadReasonCodes = ["exhausted", "rejected", "unclear", "plan_private"] as const satisfies readonly ReasonCode[];
