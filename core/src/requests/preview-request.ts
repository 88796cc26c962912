import type { PreviewRequestInput, RequestPreview } from "@agentplanner/contracts";
import { may } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { reasons } from "../reasons.ts";
import { tokenAgentId } from "./addressee.ts";
import { buildContextSnapshot } from "./build-context.ts";
import { resolveDestinations } from "./resolve-destinations.ts";

/** What would be sent and where it would go, with whatever would hold it; writes nothing. Throws 404 for an unknown node. */
export const previewRequest = async (ctx: ProjectContext, input: PreviewRequestInput): Promise<RequestPreview> => {
	await authorizeNode(ctx, "plans:read", input.node_id);
	const whole = await buildContextSnapshot(ctx, { nodeId: input.node_id });
	// What others were asked is not for an agent, and for a script only if it may read requests.
	const mayReadHistory = tokenAgentId(ctx) === null && (await may(ctx, "requests:read"));
	const context = mayReadHistory ? whole : { ...whole, history: [] };
	const destinations = await resolveDestinations(ctx, context.plan.id, input.targets);
	return {
		context,
		destinations: destinations.map((destination) => ({
			agent: destination.agent,
			integration_id: destination.integrationId,
			integration_name: destination.integrationName,
			adapter: destination.adapter,
			address: destination.address,
			source: destination.source,
			held: destination.integrationEnabled ? null : reasons.integrationDisabled(destination.integrationName, destination.disabledReason),
		})),
		problem: destinations.length === 0 ? reasons.noRoute() : null,
	};
};
