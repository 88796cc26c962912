import type { Actor } from "../context.ts";

/** Where somebody acts, as decisions keep it. */
export const viaOf = (actor: Actor): string => {
	if (actor.type === "adapter" || actor.type === "person") return actor.adapter;
	return actor.type === "user" && !actor.byAccessToken ? "web" : "api";
};
