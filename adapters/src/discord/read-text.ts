type Mentioned = { id: string; username: string; global_name?: string | null | undefined };

/** A message's text as a person would write it; that it begins by calling the bot is left out. https://docs.discord.com/developers/reference#message-formatting */
export const readText = (text: string, mentions: readonly Mentioned[], botId: string): string => {
	const nameOf = (id: string): string => {
		const person = mentions.find((mentioned) => mentioned.id === id);
		return person ? (person.global_name ?? person.username) : id;
	};
	return text
		.replace(new RegExp(`^\\s*<@!?${botId}>[\\s,:]*`), "")
		.replace(/<@!?(\d+)>/g, (_all, id: string) => `@${nameOf(id)}`)
		.replace(/<a?:(\w+):\d+>/g, ":$1:")
		.replace(/<t:(\d{1,12})(?::\w)?>/g, (_all, seconds: string) =>
			new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " "),
		)
		.trim();
};
