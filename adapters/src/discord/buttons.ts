import type { MessageContent, OutboundMessage } from "@agentplanner/contracts";
import type { APIActionRowComponent, APIButtonComponent, APIButtonComponentWithCustomId, APIComponentInMessageActionRow } from "discord.js";
import { cutText } from "../cut-text.ts";
import { customIdOf } from "./custom-id.ts";

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** https://docs.discord.com/developers/components/reference */
const most = { label: 80, buttonsInRow: 5 };

const row = (...components: APIComponentInMessageActionRow[]): Row[] => (components.length > 0 ? [{ type: 1, components }] : []);

/** A button that opens a page, and of which nobody is told. */
export const linkStyle = 5;

export const linkButton = (label: string, url: string): APIButtonComponent => ({
	type: 2,
	style: linkStyle,
	label: cutText(label, most.label),
	url,
});

/** The page in AgentPlanner, where there is one. */
const open = ({ link }: OutboundMessage): APIButtonComponent[] => (link === null ? [] : [linkButton("Open in AgentPlanner", link)]);

export const replyRow = (message: OutboundMessage): Row[] =>
	row(
		...(message.reply
			? [{ type: 2 as const, style: 1 as const, label: "Reply…", custom_id: customIdOf({ action: "reply", deliveryId: message.key }) }]
			: []),
		...open(message),
	);

export const linkRow = (message: OutboundMessage): Row[] => row(...open(message));

/** Blurple, red; grey for all others. */
const styles: Record<string, APIButtonComponentWithCustomId["style"]> = { approve: 1, reject: 4 };

type Options = Extract<MessageContent, { kind: "decision" }>["options"];

/** A button for each option; where there are more than fit into a row, one list of them all. */
export const decisionRows = (message: OutboundMessage, options: Options): Row[] => {
	const deliveryId = message.key;
	const choice: APIComponentInMessageActionRow[] =
		options.length <= most.buttonsInRow
			? options.map(({ id, label }) => ({
					...{ type: 2, style: styles[id] ?? 2, label: cutText(label, most.label) },
					custom_id: customIdOf({ action: "decide", deliveryId, option: id }),
				}))
			: [
					{
						...{ type: 3, custom_id: customIdOf({ action: "choose", deliveryId }), placeholder: "Choose…" },
						options: options.map(({ id, label }) => ({ value: id, label: cutText(label, 100) })),
					},
				];
	const comment: APIButtonComponent = {
		type: 2,
		style: 2,
		label: "With a comment…",
		custom_id: customIdOf({ action: "comment", deliveryId }),
	};
	return [...row(...choice), ...row(comment, ...open(message))];
};
