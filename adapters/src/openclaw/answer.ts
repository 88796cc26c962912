import { DecisionAsk, type Inbound } from "@agentplanner/contracts";
import { cutText } from "../cut-text.ts";

/** More than this of an answer is not kept anywhere. */
export const mostCharacters = 100_000;
const mostOfDecision = 2_000;

const types = { INPUT_REQUIRED: "input_required", DECLINED: "declined", DECISION_REQUIRED: "decision_required" } as const;

/** The word that the agent was told to begin with, perhaps dressed up in Markdown. */
const firstWord = /^[\s#>*_`]*(INPUT_REQUIRED|DECLINED|DECISION_REQUIRED)[*_`]*\s*(?::[*_`]*|\n)\s*/;

/** What an agent's final reply means. It has one per message, so the message's key names it, whichever run wrote it. */
export const readAnswer = (deliveryId: string, text: string): Inbound => {
	const [opening, word] = firstWord.exec(text) ?? [];
	const type = types[word as keyof typeof types] ?? "answer";
	const said = (opening === undefined ? text : text.slice(opening.length)).trim();
	const common = { externalId: deliveryId, deliveryId, author: null };
	// A bare word asks nothing.
	if (said === "" && type !== "declined") return { type: "answer", ...common, text };
	// Its run is over: it doesn't go on before people have decided.
	if (type === "decision_required")
		return { type, ...common, text: cutText(said, mostOfDecision), ask: DecisionAsk.parse({ urgency: "blocking" }) };
	return { type, ...common, text: cutText(said, mostCharacters) };
};
