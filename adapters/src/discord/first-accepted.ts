import type { AdapterLog } from "@agentplanner/contracts";
import { cutText } from "../cut-text.ts";
import { linkStyle } from "./buttons.ts";
import { type Card, mostOfContent } from "./card.ts";
import { DiscordRefusal } from "./outcome.ts";

/** Discord can't read the message, of which it has therefore kept nothing. */
const unreadable = new Set([50_035, 50_006]);

/** Discord takes no links to addresses that only this network knows. */
const withoutLinks = ({ components, ...card }: Card): Card => ({
	...card,
	components: components.flatMap((row) => {
		const kept = row.components.filter((component) => !("style" in component && component.style === linkStyle));
		return kept.length > 0 ? [{ ...row, components: kept }] : [];
	}),
});

/** Ends with the card's footer, by which it is found again. */
const plain = (card: Card): Card => {
	const { description = "", footer } = card.embeds[0] ?? {};
	const end = footer ? `\n${footer.text}` : "";
	const text = [card.content, description].filter((part) => part !== "").join("\n");
	return { content: cutText(text, mostOfContent - end.length) + end, embeds: [], components: withoutLinks(card).components };
};

const spares = [
	{
		version: withoutLinks,
		note: "Posted without the link to AgentPlanner, since Discord refused it: PUBLIC_URL must be an address of the internet",
	},
	{ version: plain, note: "Posted as plain text, since Discord refused its layout: report this as a defect" },
];

/**
 * Tries a card, and if Discord can't read it, what can be had of it all the same: a second call can't make two of it. `note`: what a person
 * should know of that.
 */
export const firstAccepted = async <Accepted>(
	card: Card,
	log: AdapterLog,
	attempt: (version: Card) => Promise<Accepted>,
): Promise<{ accepted: Accepted; note: string | null }> => {
	let refusal: DiscordRefusal;
	try {
		return { accepted: await attempt(card), note: null };
	} catch (error) {
		refusal = unreadableIn(error);
	}
	for (const { version, note } of spares) {
		log.warn({ code: refusal.code }, "message refused as it was; trying it with less");
		try {
			return { accepted: await attempt(version(card)), note: `${note} (${refusal.code}).` };
		} catch (error) {
			refusal = unreadableIn(error);
		}
	}
	throw refusal;
};

const unreadableIn = (error: unknown): DiscordRefusal => {
	if (error instanceof DiscordRefusal && unreadable.has(error.code)) return error;
	throw error;
};
