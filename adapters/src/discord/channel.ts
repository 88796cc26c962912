import { AdapterError, personOf } from "@agentplanner/contracts";
import { snowflake } from "./config.ts";

/** The kinds of channel that are threads: https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
export const threadTypes: ReadonlySet<number> = new Set([10, 11, 12]);

/** Channels, threads and people go by ids; names lead elsewhere once somebody renames one. */
export const assertAddress = (address: string): void => {
	if (snowflake.test(personOf(address) ?? address)) return;
	throw new AdapterError(
		"rejected",
		address === "" ? "The route names no channel." : `"${address.slice(0, 50)}" is not the id of a channel.`,
		{
			remedy:
				"Put the channel's id into the route: in Discord switch on Developer Mode (User Settings, Advanced), right-click the channel or thread, Copy Channel ID; then ask again.",
		},
	);
};

/** 2015-01-01, with which Discord's ids begin to count. */
const epochMs = 1_420_070_400_000;

/** The least id that Discord can have given at this moment. */
export const snowflakeAt = (moment: Date): string => String(BigInt(Math.max(0, moment.getTime() - epochMs)) << 22n);
