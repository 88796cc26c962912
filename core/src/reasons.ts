import type { Reason as AnyReason, ReasonCode } from "@agentplanner/contracts";

/** Of a code that the catalogue knows, so that lists can say what to do about many at once. */
type Reason = AnyReason & { code: ReasonCode };

/** Why something waits or has ended, in words a person can act on. One place, so that screens and docs can list them. */
export const reasons = {
	noRoute: (): Reason => ({
		code: "no_route",
		message: "There is nowhere to send this: neither the agent nor the plan has a route, and the project has none that may be used.",
		remedy:
			"Add a route to the agent (Agents) or to the plan, or, unless the plan is private, a default route to the project. Then ask again.",
	}),
	planPrivate: (): Reason => ({
		code: "plan_private",
		message: "Its plan has become private since this was to be sent, and it would have gone where others read along.",
		remedy: "Give the plan or the agent a route of its own and ask again; or let everybody in the project see the plan, and send it again.",
	}),
	integrationDisabled: (name: string, why: string | null): Reason => ({
		code: "integration_disabled",
		message: `The integration ${name} is disabled${why ? `: ${why}` : "."}`,
		remedy: "Enable it under Integrations; what waits goes out at once.",
	}),
	integrationHeld: (name: string, why: string): Reason => ({
		code: "integration_held",
		message: `The integration ${name} is held: ${why}`,
		remedy: "It is tried again by itself; test it under Integrations to see what is wrong.",
	}),
	throttled: (name: string): Reason => ({
		code: "throttled",
		message: `As many messages are under way as may be at once, at the integration ${name} or in this project; this one waits its turn.`,
		remedy:
			"It goes out by itself, without costing an attempt. If the receiver can take more, raise the limit under Integrations, Delivery.",
	}),
	tooFast: (name: string): Reason => ({
		code: "throttled",
		message: `The integration ${name} may only be sent so many messages in a second; this one goes out at the moment that is reserved for it.`,
		remedy:
			"It goes out by itself, without costing an attempt. If the receiver can take more, raise the limit under Integrations, Delivery.",
	}),
	breakerOpen: (name: string): Reason => ({
		code: "breaker_open",
		message: `The integration ${name} has not answered many times in a row, so this one waits until an attempt of it gets through.`,
		remedy:
			"One message at a time tries it, at least every 10 minutes; as soon as it answers, the rest goes out. Look whether the receiver runs.",
	}),
	undeliverable: (last: AnyReason | null): Reason => ({
		code: "undeliverable",
		message: `No delivery can bring an answer any more. ${last?.message ?? ""}`.trim(),
		remedy: last?.remedy ?? "Mend what the dead delivery names, then press its Retry now.",
	}),
	policyUnmet: (answered: number, needed: number): Reason => ({
		code: "policy_unmet",
		message: `${needed} answers were needed and ${answered} came; the others declined or can't be reached.`,
		remedy: "Read the answers that came, or ask again with a smaller number.",
	}),
	declined: (): Reason => ({
		code: "declined",
		message: "Everybody who was asked declined.",
		remedy: "Read why in the conversation, change the task or ask somebody else.",
	}),
	expired: (): Reason => ({
		code: "expired",
		message: "The deadline passed without the answers that were needed.",
		remedy: "Ask again with a later deadline.",
	}),
	ladderEnded: (): Reason => ({
		code: "gave_up_waiting",
		message: "Nobody answered for as long as was to be waited, so the request ended before its deadline.",
		remedy: "Ask again, or ask somebody else. How long is waited is set in the project's settings, or at the agent.",
	}),
	lost: (): Reason => ({
		code: "lost",
		message: "Worker after worker stopped while sending this.",
		remedy: "It is tried again more and more slowly. Look into the workers' logs, or cancel the request.",
	}),
	replyUndelivered: (last: AnyReason | null): Reason => ({
		code: "reply_undelivered",
		message: `The reply didn't reach the agent, which still waits for it. ${last?.message ?? ""}`.trim(),
		remedy: "Mend what the dead delivery names and press its Retry now, or reply again.",
	}),
	exhausted: (detail: string): Reason => ({
		code: "exhausted",
		message: `Every attempt failed. The last one: ${detail}`,
		remedy: "Mend the receiver, then press Retry now at this delivery.",
	}),
	unclear: (): Reason => ({
		code: "unclear",
		message: "Nobody can tell whether the platform accepted this message.",
		remedy: "Look there; if it is missing, press its Retry now.",
	}),
} as const;
