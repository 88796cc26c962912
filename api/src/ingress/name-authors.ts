import { AdapterError, type Received } from "@agentplanner/contracts";
import { nameAuthor, type OpenedIntegration, type ProjectContext } from "@agentplanner/core";
import type { Logger } from "../logger.ts";
import { withConnection } from "../with-connection.ts";

const askMs = 1_500;

/** Asks the platform who wrote in our threads, since it told but an id. An answer without a name is an answer, too. */
export const nameAuthors = async (
	ctx: ProjectContext,
	integration: OpenedIntegration,
	received: readonly Received[],
	log: Logger,
): Promise<void> => {
	for (const item of received) {
		if (item.type !== "thread_reply" || item.author === null) continue;
		const { author } = item;
		try {
			const name = await withConnection(integration, log, async (open) => open.nameOf?.(author, AbortSignal.timeout(askMs)));
			if (name) await nameAuthor(ctx, integration.id, item, name);
		} catch (error) {
			if (!(error instanceof AdapterError)) throw error;
			log.info({ integrationId: integration.id, detail: error.message }, "an author keeps the platform's id for a name");
		}
	}
};
