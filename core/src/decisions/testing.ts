import { CreateDecisionInput, type Decision } from "@agentplanner/contracts";
import { asc, eq, messageDeliveries, projectMembers, routes, sql } from "@agentplanner/db";
import type { Actor, ProjectContext } from "../context.ts";
import type { Scene } from "../requests/testing.ts";
import { buildMember } from "../testing.ts";
import { createDecision } from "./create-decision.ts";

/** For tests: decisions of a scene, and what happens to them. */

export const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** A pending decision that the scene's owner requested. */
export const requestDecision = (scene: Scene, overrides: Partial<CreateDecisionInput> = {}, asker = scene.owner): Promise<Decision> =>
	createDecision(asker, CreateDecisionInput.parse({ node_id: scene.node.id, question: "Publish it?", ...overrides }));

/** As if its deadline were this very moment. */
export const passExpiry = async ({ db }: Scene, decisionId: string): Promise<void> => {
	await db.orm.execute(sql`update decision_requests set expires_at = date_trunc('milliseconds', now()) where id = ${decisionId}`);
};

/** The scene's integration is where the project's people are told. */
export const tellPeople = async ({ db, projectId, integration }: Scene): Promise<void> => {
	await db.orm.insert(routes).values({ projectId, integrationId: integration.id, position: 0 });
};

export const messagesOf = ({ db }: Scene, decisionId: string) =>
	db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.decisionId, decisionId)).orderBy(asc(messageDeliveries.id));

/** A script of a member's with one scope. */
export const scriptOf = ({ system, projectId }: Scene, { actor }: ProjectContext, scopes: Extract<Actor, { type: "token" }>["scopes"]) => {
	if (actor.type !== "user") throw new Error("Not a member.");
	const token = { type: "token" as const, tokenId: actor.sessionId, projectId, scopes, userId: actor.userId, agentId: null };
	return { ...system, actor: { ...token, name: `${actor.name} (CI)` } };
};

export const leave = async ({ db }: Scene, { actor }: ProjectContext): Promise<void> => {
	if (actor.type === "user") await db.orm.delete(projectMembers).where(eq(projectMembers.userId, actor.userId));
};

export const buildEditor = async (scene: Scene) => {
	const ctx = await buildMember(scene.db, scene.projectId, "editor");
	return { ctx, userId: ctx.actor.type === "user" ? ctx.actor.userId : "" };
};
