import { adapterById, adapters } from "@agentplanner/adapters";
import type { Adapter } from "@agentplanner/contracts";
import { UnprocessableError } from "@agentplanner/core";

/** The adapter of that id; throws UnprocessableError for one that this build doesn't have. */
export const findAdapter = (id: string): Adapter => {
	const adapter = adapterById(id);
	if (adapter) return adapter;
	const known = adapters.map((candidate) => candidate.id).join(", ");
	throw new UnprocessableError(`There is no adapter "${id}". Use one of: ${known}.`, [
		{ field: "body.adapter", message: `must be one of: ${known}` },
	]);
};
