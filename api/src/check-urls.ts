import { assertPublicUrl, FetchError } from "@agentplanner/adapters";
import type { Action, Adapter } from "@agentplanner/contracts";
import { authorize, type ProjectContext, readAllowedNetworks, UnprocessableError } from "@agentplanner/core";

/**
 * Tells whoever saves a channel at once of an address that would never be dialled: throws UnprocessableError that names its field.
 * Settings that the adapter can't read pass: the verb names what is wrong with them. `within`: where the caller gave the settings.
 */
export const checkUrls = async (
	ctx: ProjectContext,
	adapter: Adapter,
	settings: unknown,
	{ action = "integrations:write", within = "body.settings" }: { action?: Action; within?: string } = {},
): Promise<void> => {
	const parsed = adapter.settings.safeParse(settings);
	if (!parsed.success || !adapter.urls) return;
	// What a name leads to in here is for those alone who may save.
	await authorize(ctx, action);
	const allowedNetworks = await readAllowedNetworks(ctx);
	for (const { field, url } of adapter.urls(parsed.data)) {
		try {
			await assertPublicUrl(url, allowedNetworks);
		} catch (error) {
			if (!(error instanceof FetchError)) throw error;
			throw new UnprocessableError(
				`This address can't be used: ${error.message}. Use a public address with a web port. If it is on a private network that this project may reach, whoever runs AgentPlanner adds the network to the project's allowed_networks (Settings, Project).`,
				[{ field: `${within}.${field}`, message: `${error.message}; a private network has to be allowed under Settings, Project` }],
			);
		}
	}
};
