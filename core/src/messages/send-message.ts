import type { Adapter, Delivery, MessageContent, SendMessageInput } from "@agentplanner/contracts";
import { eq, messageDeliveries, projects } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { findRecipient } from "./find-recipient.ts";

/**
 * Sends a plain message to a channel or a member: one delivery with its timer. Throws ForbiddenError below editor, and
 * UnprocessableError naming the field for an integration or a member that isn't this project's, a member whom no integration reaches,
 * and a missing address.
 */
export const sendMessage = (ctx: ProjectContext, input: SendMessageInput, adapterById: (id: string) => Adapter | null): Promise<Delivery> =>
	inTransaction(ctx, async (tx) => {
		await authorize(tx, "messages:send");
		const { integrationId, adapter, address } = await findRecipient(tx, input.to, "body.to");
		assertTaken(adapterById(adapter), adapter, address);
		const [project] = await tx.db.select({ id: projects.id, name: projects.name }).from(projects).where(eq(projects.id, tx.projectId));
		if (!project) throw new NotFoundError("project");
		const content: MessageContent = {
			kind: "text",
			text: input.text,
			from: actorName(tx.actor),
			sent_at: tx.now().toISOString(),
			project,
		};
		const { projectId, traceId, requestId } = tx;
		const [made] = await tx.db
			.insert(messageDeliveries)
			.values({ projectId, kind: "text", integrationId, address, content, traceId, requestId })
			.returning({ id: messageDeliveries.id });
		if (!made) throw new Error("The insert returned no row.");
		wakeDelivery(tx, made.id, { agent_request_id: null, integration_id: integrationId });
		const [delivery] = (await readDeliveries(tx, { id: made.id })).deliveries;
		if (!delivery) throw new Error("The delivery that was made is gone.");
		return delivery;
	});

const assertTaken = (adapter: Adapter | null, id: string, address: string): void => {
	if (!adapter)
		throw new UnprocessableError(`This installation no longer has the adapter “${id}”, so nothing can be sent there.`, [
			{ field: "body.to.integration_id", message: "has no adapter in this installation" },
		]);
	if (adapter.address && !adapter.address.optional && address === "")
		throw new UnprocessableError(`${adapter.label} has to know where in it the message goes.`, [
			{ field: "body.to.address", message: `is needed: ${adapter.address.label}. ${adapter.address.description}` },
		]);
};
