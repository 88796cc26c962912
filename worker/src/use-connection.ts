import { AdapterError } from "@agentplanner/contracts";
import { type Failure, type ProjectContext, type SealedIntegration, unsealIntegration } from "@agentplanner/core";
import { letGo, type OpenConnection } from "./connections.ts";
import type { House } from "./house.ts";
import { DeafError, unlessDeaf } from "./unless-deaf.ts";
import { unusable, wordsOf } from "./unusable.ts";

/** An adapter that is told to stop has this long to say how far it got. */
const lastWordsMs = 1_000;

type Sealed = { deliveryId: string; integration: SealedIntegration };

/** Opens an integration for one use of it about a delivery, and says how that failed, if it did; never throws. */
export const useConnection = async <T>(
	house: House,
	ctx: ProjectContext,
	sealed: Sealed,
	signal: AbortSignal,
	use: (opened: OpenConnection) => Promise<T>,
): Promise<T | Failure> => {
	const opened = await openInTime(house, ctx, sealed, signal);
	if ("kind" in opened) return opened;
	try {
		return await unlessDeaf(use(opened), signal, lastWordsMs);
	} catch (error) {
		if (error instanceof AdapterError) return failed(error);
		house.log.error({ err: error, deliveryId: sealed.deliveryId, adapter: opened.adapter.id }, "adapter failed in a way of its own");
		return broken(`AgentPlanner itself failed at this: ${wordsOf(error)}`);
	} finally {
		letGo(opened, house.log);
	}
};

const openInTime = async (
	house: House,
	ctx: ProjectContext,
	{ deliveryId, integration }: Sealed,
	signal: AbortSignal,
): Promise<OpenConnection | Failure> => {
	const opening = (async () => house.connections.open(unsealIntegration(ctx, integration)))();
	try {
		return await unlessDeaf(opening, signal, lastWordsMs);
	} catch (error) {
		if (error instanceof DeafError)
			opening.then(
				(late) => letGo(late, house.log),
				() => {},
			);
		house.log.error({ err: error, deliveryId, integrationId: integration.id }, "integration can't be opened");
		if (error instanceof DeafError) return broken("This integration took too long to open; nothing was sent.", false);
		return unopened(error);
	}
};

const failed = (error: AdapterError): Failure => ({
	kind: error.kind,
	detail: error.message,
	remedy: error.remedy,
	mayHaveBeenAccepted: error.mayHaveBeenAccepted,
	retryAfterMs: error.retryAfterMs,
	gone: error.gone,
	exchange: error.exchange,
});

/** Settings or secrets that can't be read are the integration's trouble, not the message's: hold it and keep looking. */
const unopened = (error: unknown): Failure => ({
	kind: "unauthorized",
	...unusable(error),
	mayHaveBeenAccepted: false,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});

/** A defect of ours may have struck after the message went out. */
export const broken = (detail: string, mayHaveBeenAccepted = true): Failure => ({
	kind: "unavailable",
	detail,
	remedy: "It is tried again by itself. If it stays, report it with the worker's log.",
	mayHaveBeenAccepted,
	retryAfterMs: null,
	gone: false,
	exchange: null,
});
