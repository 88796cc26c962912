import type { DeliveryPolicy, Integration, UpdateIntegrationInput } from "@agentplanner/contracts";
import { isProblem } from "../../lib/problems.ts";
import { readIntegration, updateIntegration } from "../../queries/integrations.ts";
import { samePolicy } from "./delivery-policy.ts";

/** Somebody else saved another name, other settings or another policy meanwhile; nothing was overwritten. */
export class IntegrationConflict extends Error {
	override name = "IntegrationConflict";
	readonly theirs: Integration;

	constructor(theirs: Integration) {
		super("Somebody else changed this integration while you were editing.");
		this.theirs = theirs;
	}
}

/** `secrets`: those to set; null takes one out. */
export type IntegrationValues = {
	name: string;
	settings: Record<string, unknown>;
	secrets: Record<string, string | null>;
	delivery_policy: DeliveryPolicy;
};

const sameSettings = (left: Record<string, unknown>, right: Record<string, unknown>): boolean => {
	const sorted = (settings: Record<string, unknown>) => JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)));
	return sorted(left) === sorted(right);
};

/** Only what differs: new settings or secrets make the server forget what it knew of the channel's health. */
export const changesOf = (base: Integration, values: IntegrationValues): UpdateIntegrationInput => ({
	...(values.name === base.name ? {} : { name: values.name }),
	...(sameSettings(base.settings, values.settings) ? {} : { settings: values.settings }),
	...(Object.keys(values.secrets).length === 0 ? {} : { secrets: values.secrets }),
	...(samePolicy(base.delivery_policy, values.delivery_policy) ? {} : { delivery_policy: values.delivery_policy }),
});

/** Saves on top of `base`. Its version covers more than this form shows: a clash about anything else is none. */
export const saveIntegration = async (base: Integration, values: IntegrationValues): Promise<Integration> => {
	const changes = changesOf(base, values);
	if (Object.keys(changes).length === 0) return base;
	try {
		return await updateIntegration(base, changes);
	} catch (error) {
		if (!isProblem(error, "precondition_failed")) throw error;
		const fresh = await readIntegration(base.project_id, base.id);
		// Still the version that was seen: the clash is about something else, such as a name that is taken.
		if (fresh.version === base.version) throw error;
		const same = fresh.name === base.name && sameSettings(fresh.settings, base.settings);
		if (!same || !samePolicy(fresh.delivery_policy, base.delivery_policy)) throw new IntegrationConflict(fresh);
		return updateIntegration(fresh, changes);
	}
};
