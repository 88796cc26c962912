import { AdapterError, personOf } from "@agentplanner/contracts";

/** Public channels, private ones, and conversations with one person. */
const channelId = /^[CGD][A-Z0-9]{5,20}$/;
const memberId = /^[UW][A-Z0-9]{5,20}$/;

export const isMember = (id: string): boolean => memberId.test(id);

/** Of the app with one person. */
export const isConversation = (id: string): boolean => id.startsWith("D");

/** Where Slack posts what goes to this address: a channel, or a member's id. Names lead to other channels once somebody renames one. */
export const channelOf = (address: string): string => {
	const person = personOf(address);
	if (person === null ? channelId.test(address) : isMember(person)) return person ?? address;
	throw new AdapterError(
		"rejected",
		address === "" ? "The route names no channel." : `"${address.slice(0, 50)}" is not the id of a channel.`,
		{
			remedy:
				"Put the channel's id into the route: in Slack open the channel's details and copy it from the end (C0123456789); then ask again.",
		},
	);
};
