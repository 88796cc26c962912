const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

const decode = (text: string): string => text.replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? entity);

/** One `<…>` of Slack's markup as a person would write it. */
const readReference = (_all: string, target: string, label: string | undefined): string => {
	switch (target[0]) {
		case "@":
			return `@${label ?? target.slice(1)}`;
		case "#":
			return `#${label ?? target.slice(1)}`;
		case "!":
			return label ?? `@${target.slice(1).split("^")[0]}`;
		default:
			return label === undefined || label === target ? target : `[${label}](${target})`;
	}
};

/** A message's text without Slack's escapes: https://docs.slack.dev/messaging/formatting-message-text */
export const readText = (text: string): string => decode(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, readReference));
