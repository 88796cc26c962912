import type { apiContract, Role, Scope } from "@agentplanner/contracts";
import type { Scene } from "./scene.ts";

export type Prepared = { params?: Record<string, string>; body?: unknown };

/** Who may call an endpoint. */
export type Line = {
	/** Who may: the least role in the project; `account`: anybody signed in; `known`: tokens too; `anyone`: also nobody. */
	least: Role | "account" | "known" | "anyone";
	/** With which scope a token may; null: never. */
	scope: Scope | null;
	/** A reply token may, for its own request. */
	byReplyToken?: true;
	/** Of agents' own tokens that agent's alone may, which the call is about: to another one it doesn't exist. */
	ofOneAgent?: true;
	/** An agent with a token of its own may, and nobody else, whatever the project; the answer is about itself. */
	agentsAlone?: true;
	/** What a member with a smaller role gets, where it isn't 403. */
	tooSmall?: number;
	/** Names the scene's plan in its body, which doesn't exist for a guest. */
	asksAboutPlan?: true;
	/** Input that works once; made anew for each caller. */
	prepare?: (scene: Scene, caller: Caller) => Prepared | Promise<Prepared>;
};

/** Sent with one call; made anew for each, since a call may end its session. */
export type Caller = {
	name: string;
	email: string | null;
	/** Whose own token it is. */
	agentId?: string;
	headers(line: Line, params: Record<string, string>): Promise<Record<string, string>>;
};

/** A line for each endpoint of a feature. */
export type Lines<Feature extends keyof typeof apiContract> = Record<keyof (typeof apiContract)[Feature], Line>;

export const read = (scope: Scope | null, prepare?: Line["prepare"]): Line => ({ least: "viewer", scope, ...(prepare ? { prepare } : {}) });
/** What a guest may read, too: of it what is shared with them, which is nothing of the scene. */
export const list = (scope: Scope | null): Line => ({ least: "guest", scope });
export const write = (least: Role, scope: Scope | null, prepare?: Line["prepare"]): Line => ({
	least,
	scope,
	...(prepare ? { prepare } : {}),
});
export const body = (value: unknown) => () => ({ body: value });
