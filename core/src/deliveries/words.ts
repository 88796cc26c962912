import { type DeliveryWords, longestMessage, type MessageContent } from "@agentplanner/contracts";
import { UnprocessableError } from "../errors.ts";

/** What of a message people have written, and may therefore write otherwise; empty for one that tells of a fact, or asks what is decided as it stands. */
export const wordsOf = (content: MessageContent): DeliveryWords => {
	switch (content.kind) {
		case "request": {
			const { title, agent_instructions, acceptance_criteria } = content.context.node;
			return { question: content.question, title, agent_instructions, acceptance_criteria };
		}
		case "reply":
			return { text: content.text };
		case "text":
			return content.about ? {} : { text: content.text };
		default:
			return {};
	}
};

/** The message with other words; everything else of it stays. Throws UnprocessableError naming a field that it doesn't have, that is too long, or that nothing changed. */
export const withWords = (content: MessageContent, words: DeliveryWords): MessageContent => {
	const known = wordsOf(content);
	const changes = Object.entries(words) as [keyof DeliveryWords, string][];
	const strange = changes.filter(([field]) => known[field] === undefined);
	if (strange.length > 0)
		throw new UnprocessableError(
			Object.keys(known).length === 0
				? "A message of this kind goes out as it stands: send it again as it is, or discard it."
				: "That is nothing this message says.",
			strange.map(([field]) => ({ field: `body.${field}`, message: "is no part of this message" })),
		);
	if (changes.every(([field, text]) => known[field] === text))
		throw new UnprocessableError("Nothing was changed. To send it as it is, use “Retry now” (POST …/retry).");
	if (content.kind === "text" && (words.text?.length ?? 0) > longestMessage)
		throw new UnprocessableError("The text is too long for a message.", [
			{ field: "body.text", message: `must be at most ${longestMessage} characters long` },
		]);
	if (content.kind === "reply" || content.kind === "text") return { ...content, text: words.text ?? content.text };
	if (content.kind !== "request") return content;
	const { context } = content;
	const { node } = context;
	const { question = content.question, title = node.title, agent_instructions = node.agent_instructions } = words;
	const { acceptance_criteria = node.acceptance_criteria } = words;
	return { ...content, question, context: { ...context, node: { ...node, title, agent_instructions, acceptance_criteria } } };
};
