import { postOfCommand, postOfEvent, postOfInteraction, type SlackPost } from "./posts.ts";
import type { View } from "./shapes.ts";
import { type Person, people, type StoredMessage, type World, workspace } from "./workspace.ts";

const elementsOf = (message: StoredMessage | undefined) =>
	message?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements : [])) ?? [];

/** A modal's inputs, filled in by their names; throws where it has other inputs or options. */
const filled = (view: View, fields: Record<string, string>) => {
	const values: Record<string, Record<string, unknown>> = {};
	for (const block of view.blocks) {
		if (block.type !== "input") continue;
		const { block_id, element } = block;
		const given = fields[block_id];
		const { action_id, type } = element;
		if (element.type === "plain_text_input") {
			values[block_id] = { [action_id]: { type, value: given ?? null } };
			continue;
		}
		const selected_option = element.options.find(({ value }) => value === given) ?? null;
		if (given !== undefined && !selected_option) throw new Error(`The option ${given} is not offered.`);
		values[block_id] = { [action_id]: { type, selected_option } };
	}
	const unknown = Object.keys(fields).filter((name) => !(name in values));
	if (unknown.length > 0) throw new Error(`The modal has no input ${unknown.join()}.`);
	return values;
};

/** What people do in the workspace, each with what Slack tells us of it. */
export const createActs = ({ channels, views, triggers, hooks, nextTs, nextId }: World, hooksUrl: string) => {
	const press = (message: StoredMessage | undefined, element: object, who: Person): SlackPost => {
		const trigger = nextId("trigger-");
		triggers.set(trigger, Date.now());
		const channel = [...channels.values()].find(({ messages }) => message !== undefined && messages.includes(message));
		return postOfInteraction({
			...{ type: "block_actions", user: { username: who.name, ...who }, trigger_id: trigger, channel: { id: channel?.id }, message },
			...{ container: { type: "message", message_ts: message?.ts }, response_url: "https://hooks.slack.com/actions/x" },
			actions: [{ ...element, action_ts: nextTs() }],
		});
	};
	return {
		happens: (event: Record<string, unknown>): SlackPost => postOfEvent(event, nextId("Ev")),
		/** Somebody writes in a thread. */
		reply: (root: string, text: string, said: Record<string, unknown> = {}, id = workspace.channel): SlackPost => {
			const message = { user: people.ada.id, text, ts: nextTs(), thread_ts: root, ...said };
			channels.get(id)?.messages.push(message);
			return postOfEvent({ type: "message", channel: id, channel_type: "channel", ...message }, nextId("Ev"));
		},
		/** Somebody presses a message's button; throws where it has none of that name. */
		click: (message: StoredMessage | undefined, actionId: string, who: Person = people.ada): SlackPost => {
			const button = elementsOf(message).find(({ action_id }) => action_id === actionId);
			if (!button) throw new Error(`There is no button ${actionId}.`);
			return press(message, button, who);
		},
		/** Somebody takes a decision's option, by its button or from the list; throws where it isn't offered. */
		decide: (message: StoredMessage | undefined, option: string, who: Person = people.ada): SlackPost => {
			for (const element of elementsOf(message)) {
				if (element.type === "button" && element.action_id.endsWith(`:${option}`)) return press(message, element, who);
				const selected_option = element.type === "static_select" && element.options.find(({ value }) => value === option);
				if (selected_option) return press(message, { ...element, selected_option }, who);
			}
			throw new Error(`The option ${option} is not offered.`);
		},
		/** Somebody writes the command, perhaps in a channel that the app is not in. */
		command: (text: string, who: Person = people.ada, channel = workspace.channel): SlackPost => {
			const hook = nextId("hook-");
			hooks.set(hook, { channel, user: who.id, used: 0 });
			return postOfCommand({
				...{ command: "/planner", text, user_id: who.id, user_name: who.name, channel_id: channel, channel_name: "questions" },
				...{ trigger_id: nextId("trigger-"), response_url: hooksUrl + hook, is_enterprise_install: "false" },
			});
		},
		/** Somebody sends the modal that was opened last. */
		submit: (fields: Record<string, string>, who: Person = people.ada): SlackPost => {
			const open = views.at(-1);
			if (!open) throw new Error("No modal is open.");
			const state = { values: filled(open.view, fields) };
			return postOfInteraction({ type: "view_submission", user: who, view: { ...open.view, id: open.id, state } });
		},
	};
};
