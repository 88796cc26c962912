import type { PlanStatus } from "./plans.ts";
import { type Role, roles } from "./projects.ts";

/**
 * What can be done in a project, and the least role that may: the server refuses by it, and pages offer by it. For what stands in a
 * plan the role in that plan counts; what a guest may read is what the plans hold that are shared with them.
 */
export const leastRole = {
	"project:read": "guest",
	"project:write": "admin",
	"plans:read": "guest",
	"plans:write": "editor",
	/** Who sees a plan and works in it, whose it is, and whether it is deleted. */
	"plans:manage": "admin",
	"plans:work": "editor",
	"claims:break": "editor",
	"goals:read": "viewer",
	"goals:write": "editor",
	/** Comments, logs and timelines. */
	"activity:read": "guest",
	"comments:write": "editor",
	"comments:moderate": "admin",
	"agents:read": "viewer",
	"agents:write": "editor",
	"requests:read": "guest",
	"requests:create": "editor",
	"requests:answer": "editor",
	"requests:cancel": "editor",
	"decisions:read": "guest",
	"decisions:create": "editor",
	"decisions:decide": "editor",
	"decisions:cancel": "editor",
	"messages:send": "editor",
	"deliveries:read": "guest",
	"deliveries:retry": "editor",
	"integrations:read": "viewer",
	"integrations:write": "admin",
	"routes:read": "viewer",
	"routes:write": "admin",
	"events:read": "viewer",
	/** What is told to programs outside, where, and what became of it. */
	"subscriptions:manage": "admin",
	"members:read": "viewer",
	"members:write": "admin",
	/** What was done, and whether all that was accepted is where it must be. */
	"audit:read": "admin",
	"tokens:own": "viewer",
	"tokens:manage": "admin",
} as const satisfies Record<string, Role>;

export type Action = keyof typeof leastRole;

/** Whether a member of that role may do it. */
export const roleMay = (role: Role, action: Action): boolean => roles.indexOf(role) <= roles.indexOf(leastRole[action]);

/** In an archived plan: what brings to an end what was under way, and what is done to the plan itself. */
const evenArchived: readonly Action[] = [
	"requests:answer",
	"requests:cancel",
	"decisions:decide",
	"decisions:cancel",
	"claims:break",
	"plans:manage",
];

/** Whether it can be done in a plan of that status, by whoever may. */
export const statusAllows = (status: PlanStatus, action: Action): boolean =>
	status !== "archived" || action.endsWith(":read") || evenArchived.includes(action);
