import { AdapterError } from "@agentplanner/contracts";

/** Public channels, private ones, and conversations with one person. */
const channelId = /^[CGD][A-Z0-9]{5,20}$/;

/** Names lead to other channels once somebody renames one, so that only ids will do. */
export const assertChannel = (address: string): void => {
	if (channelId.test(address)) return;
	throw new AdapterError(
		"rejected",
		address === "" ? "The route names no channel." : `"${address.slice(0, 50)}" is not the id of a channel.`,
		{
			remedy:
				"Put the channel's id into the route: in Slack open the channel's details and copy it from the end (C0123456789); then ask again.",
		},
	);
};
