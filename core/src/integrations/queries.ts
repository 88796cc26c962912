import { and, eq, isUniqueViolation, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { collectLater, isCollecting } from "../deliveries/collect-later.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { setTimers } from "../timers.ts";

/** An integration of this project, or NotFoundError. */
export const loadIntegration = async (ctx: ProjectContext, integrationId: string) => {
	const [integration] = await ctx.db.select().from(messagingIntegrations).where(isIntegration(ctx, integrationId));
	if (!integration) throw new NotFoundError("integration");
	return integration;
};

export const isIntegration = (ctx: ProjectContext, integrationId: string) =>
	and(eq(messagingIntegrations.projectId, ctx.projectId), eq(messagingIntegrations.id, integrationId));

/** Turns the database's refusal of a second name or platform account into a ConflictError. */
export const refuseDuplicate = (error: unknown): never => {
	if (isUniqueViolation(error, "messaging_integrations_name_key"))
		throw new ConflictError("This project already has an integration of that name. Choose another one.");
	if (isUniqueViolation(error, "messaging_integrations_account_key"))
		throw new ConflictError(
			"This account on the platform is connected already, here or in another project. Disconnect it there, or make an app of its own for this project.",
		);
	throw error;
};

/**
 * Lets everything that waits at the integration be tried now, and what it has to fetch be fetched. Called before the integration's own row is written: whoever ends an
 * attempt locks the delivery first and the integration second, too.
 */
export const releaseDeliveries = async (tx: Tx<ProjectContext>, integrationId: string, { reserved = false } = {}): Promise<void> => {
	const { rows } = await tx.db.execute<{ id: string; agent_request_id: string | null }>(sql`
		with waiting as (
			select id from message_deliveries
			where project_id = ${tx.projectId} and integration_id = ${integrationId} and status in ('queued', 'retrying', 'unknown')
				and (turn_at is not null or not ${reserved})
			order by id
			for no key update
		)
		update message_deliveries delivery
		set next_attempt_at = now(), waits_since = null, turn_at = null, reason = null, updated_at = now()
		from waiting where delivery.id = waiting.id
		returning delivery.id, delivery.agent_request_id`);
	for (const { id, agent_request_id } of rows)
		setTimers(tx, { type: "message.delivery.due", subjectId: id, dueInMs: 0, data: { agent_request_id } });
	const collecting = await tx.db
		.select({ id: messageDeliveries.id, agentRequestId: messageDeliveries.agentRequestId })
		.from(messageDeliveries)
		.innerJoin(timers, and(eq(timers.subjectId, messageDeliveries.id), eq(timers.type, "message.delivery.collect.due")))
		.where(and(eq(messageDeliveries.integrationId, integrationId), isCollecting));
	for (const { id, agentRequestId } of collecting) collectLater(tx, id, { agentRequestId, inMs: 0 });
};
