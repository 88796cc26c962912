import { AdapterError, type AdapterLog, type Connection, type Received } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { cleanInbound } from "./clean-inbound.ts";
import { nameAuthor } from "./name-author.ts";

const askMs = 1_500;

/** Lends the integration's connection for one use; opens it only then, where it isn't open anyway. */
export type LendConnection = <T>(use: (connection: Connection) => Promise<T>) => Promise<T>;

/** Asks the platform who wrote in our threads, since it told but an id. An answer without a name is an answer, too. */
export const nameAuthors = async (
	ctx: ProjectContext,
	integrationId: string,
	received: readonly Received[],
	lend: LendConnection,
	log: AdapterLog,
): Promise<void> => {
	for (const item of cleanInbound(received)) {
		if (item.type !== "thread_reply" || item.author === null) continue;
		const { author } = item;
		try {
			const name = await lend(async (open) => open.nameOf?.(author, AbortSignal.timeout(askMs)));
			if (name) await nameAuthor(ctx, integrationId, item, name);
		} catch (error) {
			if (!(error instanceof AdapterError)) throw error;
			log.info({ integrationId, detail: error.message }, "an author keeps the platform's id for a name");
		}
	}
};
