import type { Scope } from "@agentplanner/contracts";

/** What each scope lets its holder do, as a person would say it. */
export const scopeWords: Record<Scope, string> = {
	"project:read": "See the project's name",
	"plans:read": "Read plans and tasks",
	"plans:write": "Change plans and tasks",
	"plans:work": "Work on tasks: claim them, change their status, log",
	"goals:read": "Read goals",
	"goals:write": "Set and change goals",
	"activity:read": "Read comments, logs and timelines",
	"comments:write": "Comment",
	"agents:read": "See the agents",
	"agents:write": "Add and change agents",
	"integrations:read": "See the integrations",
	"integrations:write": "Connect, change and disable integrations",
	"routes:read": "See where questions go",
	"routes:write": "Change where questions go",
	"requests:read": "Read requests and their answers",
	"requests:create": "Ask agents",
	"requests:answer": "Answer requests",
	"requests:cancel": "Cancel requests",
	"decisions:read": "Read decisions",
	"decisions:create": "Request decisions",
	"decisions:decide": "Decide",
	"decisions:cancel": "Withdraw decisions",
	"messages:send": "Send messages to channels and members",
	"deliveries:read": "See every delivery and its attempts",
	"deliveries:retry": "Send deliveries again",
	"events:read": "Read the stream of events",
	"subscriptions:manage": "Manage event subscriptions",
};

/** Several of them as one sentence without its full stop. */
export const describeScopes = (scopes: Scope[]): string => {
	const words = scopes
		.map((scope) => scopeWords[scope])
		.join(", ")
		.toLowerCase();
	return words.slice(0, 1).toUpperCase() + words.slice(1);
};
