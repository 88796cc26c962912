import { setTimeout as sleep } from "node:timers/promises";
import {
	type Claim,
	isDatabaseUnavailable,
	isStaleStatement,
	type Outcome,
	type ProjectContext,
	postgresError,
	recordOutcome,
} from "@agentplanner/core";
import type { House } from "./house.ts";
import { broken } from "./use-connection.ts";

const writeAgainMs = 250;

/** How often an outcome is tried again whose failure nobody expects. */
const unexpectedTries = 4;

/** What an SQLSTATE's class says: 22 and 23 are about the data; 40, 53, 55, 57 and 58 about the moment. */
const classOf = (error: unknown): string | null => postgresError(error)?.code.slice(0, 2) ?? null;
const ofTheData = (error: unknown): boolean => ["22", "23"].includes(classOf(error) ?? "");
const ofTheMoment = (error: unknown): boolean =>
	isDatabaseUnavailable(error) || isStaleStatement(error) || ["40", "53", "55", "57", "58"].includes(classOf(error) ?? "");

/**
 * Writes how an attempt ended; false where the delivery is somebody else's by now. What was sent can't be unsent, so its outcome is
 * worth some patience: with troubles of the moment as long as the run may last. An outcome that the database refuses for what it is
 * must not have the message sent again every few seconds: it counts as a failed attempt.
 */
export const writeOutcome = async (
	house: House,
	ctx: ProjectContext,
	claim: Claim,
	outcome: Outcome,
	signal: AbortSignal,
): Promise<boolean> => {
	for (let unexpected = 0; ; ) {
		try {
			return await recordOutcome(ctx, claim, outcome);
		} catch (error) {
			if (!ofTheMoment(error)) unexpected += 1;
			if (ofTheData(error) || unexpected > unexpectedTries) {
				house.log.error({ err: error, deliveryId: claim.deliveryId, outcome: outcome.kind }, "outcome can't be written");
				break;
			}
			if (signal.aborted) throw error;
			house.log.warn({ err: error, deliveryId: claim.deliveryId, outcome: outcome.kind }, "outcome not written yet");
			await sleep(writeAgainMs);
		}
	}
	return recordOutcome(ctx, claim, broken("AgentPlanner itself failed while writing down how this attempt ended."));
};
