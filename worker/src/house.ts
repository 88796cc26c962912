import type { Context, ProjectContext } from "@agentplanner/core";
import { NonRetryableError, type WakeInput, type WakeMetadata } from "@agentplanner/engine";
import type { Connections } from "./connections.ts";
import type { Gate } from "./gate.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { Logger } from "./logger.ts";

/** What the workflows work with. */
export type House = {
	/** Without actor's project and trace; runs make their own from it. */
	context: Context;
	connections: Connections;
	leases: LeaseKeeper;
	gate: Gate;
	/** Stands in claims and attempts. */
	workerId: string;
	/** Where agents reach the api. */
	publicUrl: string;
	log: Logger;
};

const traceparent = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The context of one run: the system acting in the project that the wake is about. */
export const runContext = (house: House, input: WakeInput, metadata: WakeMetadata, workflow: string): ProjectContext => {
	if (input.projectId === null) throw new NonRetryableError(`The workflow ${workflow} was woken without a project.`);
	return {
		...house.context,
		actor: { type: "system", name: workflow },
		traceId: traceparent.exec(metadata.traceparent ?? "")?.[1] ?? null,
		projectId: input.projectId,
	};
};
