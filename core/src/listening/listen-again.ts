import { and, eq, integrationListeners, isNull } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

/** Has listening that failed begun again now, since what was wrong may be mended. */
export const listenAgain = async (tx: Tx<ProjectContext>, integrationId: string): Promise<void> => {
	await tx.db
		.update(integrationListeners)
		.set({ nextTryAt: null })
		.where(
			and(
				eq(integrationListeners.projectId, tx.projectId),
				eq(integrationListeners.integrationId, integrationId),
				isNull(integrationListeners.holder),
			),
		);
};
