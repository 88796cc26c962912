import type { APIEmbed } from "discord.js";

/** A message as the double keeps it. */
export type StoredMessage = {
	id: string;
	channel_id: string;
	type: number;
	author: { id: string; username: string; bot?: boolean };
	content: string;
	embeds: APIEmbed[];
	components: { components: { type: number; custom_id?: string; label?: string; url?: string; options?: unknown[] }[] }[];
	nonce?: string;
	message_reference?: { message_id: string };
	[other: string]: unknown;
};
