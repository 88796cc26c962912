import { z } from "zod";

/**
 * How a pressed option names itself. A button: the option in its id, which must differ from the others', the delivery in its value.
 * A select: the delivery in its id, the option in its value, which may be no longer than 75 characters.
 */
const optionPrefix = "agentplanner_option:";
const selectPrefix = "agentplanner_select:";
export const optionAction = (optionId: string): string => optionPrefix + optionId;
export const selectAction = (deliveryId: string): string => selectPrefix + deliveryId;

/** Opens the form with the options and a comment. */
export const commentAction = "agentplanner_comment";

export type Choice = { deliveryId: string; option: string };

export type Pressed = { action_id: string; value?: string | undefined; selected_option?: { value: string } | null | undefined };

const after = (prefix: string, id: string): string | null => (id.startsWith(prefix) ? id.slice(prefix.length) : null);

/** What was chosen by pressing; null: it was something else. */
export const choiceOf = ({ action_id, value, selected_option }: Pressed): Choice | null => {
	const option = after(optionPrefix, action_id);
	if (option !== null) return value === undefined ? null : { deliveryId: value, option };
	const deliveryId = after(selectPrefix, action_id);
	return deliveryId === null || !selected_option ? null : { deliveryId, option: selected_option.value };
};

export type ShownOption = { id: string; label: string };

const Text = z.object({ text: z.string() });
const Element = z.object({
	action_id: z.string(),
	text: Text.optional(),
	options: z.array(z.object({ text: Text, value: z.string() })).optional(),
});
const Actions = z.object({ type: z.literal("actions"), elements: z.array(z.unknown()) });

/** The options that a message offers; none once it is decided. */
export const shownOptions = (blocks: readonly unknown[]): ShownOption[] =>
	blocks
		.flatMap((block) => Actions.safeParse(block).data?.elements ?? [])
		.flatMap((element) => {
			const { action_id = "", text, options = [] } = Element.safeParse(element).data ?? {};
			const option = after(optionPrefix, action_id);
			if (option !== null && text) return [{ id: option, label: text.text }];
			return after(selectPrefix, action_id) === null ? [] : options.map(({ text: { text: label }, value }) => ({ id: value, label }));
		});
