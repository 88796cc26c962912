import { type AdapterError, type Ear, type Inbound, type PlatformPerson, reviseOption } from "@agentplanner/contracts";
import type { APIInteractionResponse } from "discord.js";
import { z } from "zod";
import { problemOf } from "../problem-of.ts";
import { type Pressed, readCustomId } from "./custom-id.ts";
import { decisionModal, fields, replyModal } from "./modal.ts";

const User = z.object({ id: z.string(), username: z.string(), global_name: z.string().nullish() });
const person = {
	user: User.optional(),
	member: z.object({ user: User, nick: z.string().nullish() }).optional(),
};
/** Of a message's components just what says which options it offers. */
const Component = z.object({
	custom_id: z.string().optional(),
	label: z.string().optional(),
	options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
});
const Rows = z.array(z.object({ components: z.array(Component).default([]) })).default([]);
const Field = z.object({ custom_id: z.string(), value: z.string().optional(), values: z.array(z.string()).optional() });

const common = { id: z.string(), application_id: z.string(), token: z.string() };
/** The one command that we declare. */
export const commandName = "planner";
const Command = z.object({
	...{ ...common, ...person, channel_id: z.string().default("") },
	data: z.object({ name: z.string(), options: z.array(z.object({ name: z.string() })).default([]) }),
});

const Interaction = z.discriminatedUnion("type", [
	z.object({
		...{ ...common, ...person, type: z.literal(3) },
		message: z.object({ components: Rows }).optional(),
		data: z.object({ custom_id: z.string(), values: z.array(z.string()).optional() }),
	}),
	z.object({
		...{ ...common, ...person, type: z.literal(5) },
		data: z.object({ custom_id: z.string(), components: z.array(z.object({ component: Field.optional() })) }),
	}),
]);
type Interaction = z.infer<typeof Interaction>;

/** What somebody pressed or sent means, and what Discord hears in return, once it is stored. */
export type InteractionRead = { inbound: Inbound[]; reply: APIInteractionResponse };

const nothing: InteractionRead = { inbound: [], reply: { type: 6 } };
const whisper = (content: string): APIInteractionResponse => ({ type: 4, data: { content, flags: 64, allowed_mentions: { parse: [] } } });

const kinds = { ping: 1, commanded: 2, pressed: 3, submitted: 5 };

/** https://docs.discord.com/developers/interactions/receiving-and-responding */
export const readInteraction = (payload: unknown, applicationId: string, refusal: (message: string) => AdapterError): InteractionRead => {
	const kind = z.object({ type: z.int(), application_id: z.string() }).safeParse(payload);
	if (!kind.success) throw refusal(`${kind.error.issues[0]?.path.join(".") || "body"}: is not what Discord posts`);
	const { type, application_id } = kind.data;
	if (application_id !== applicationId)
		throw refusal(`application_id: is ${application_id.slice(0, 30)}, this integration is of ${applicationId}`);
	if (type === kinds.ping) return { inbound: [], reply: { type: 1 } };
	if (type === kinds.commanded) return commanded(read(Command, payload, refusal));
	if (type !== kinds.pressed && type !== kinds.submitted)
		return { inbound: [], reply: whisper("AgentPlanner knows nothing of that kind.") };
	const interaction = read(Interaction, payload, refusal);
	const pressed = readCustomId(interaction.data.custom_id);
	const who = personOf(interaction);
	if (!pressed || !who) return nothing;
	return meaningOf(interaction, pressed, who);
};

const read = <Shape extends z.ZodType>(shape: Shape, payload: unknown, refusal: (message: string) => AdapterError): z.infer<Shape> => {
	const parsed = shape.safeParse(payload);
	if (parsed.success) return parsed.data;
	throw refusal(problemOf(parsed.error));
};

const personOf = ({ member, user }: Pick<Interaction, "member" | "user">): PlatformPerson | null => {
	const who = member?.user ?? user;
	return who ? { id: who.id, name: member?.nick || who.global_name || who.username } : null;
};

/** What its author asks for; they see that we are thinking until they are told. */
const commanded = (command: z.infer<typeof Command>): InteractionRead => {
	const { id, application_id, token, channel_id: address, data } = command;
	const person = personOf(command);
	if (data.name !== commandName || !person) return { inbound: [], reply: whisper("AgentPlanner knows no such command.") };
	const words = data.options.map(({ name }) => name).join(" ");
	const ear: Ear = { application_id, token, deferred: true };
	return {
		inbound: [{ type: "command", externalId: `interaction:${id}`, words, address, person, ear }],
		reply: { type: 5, data: { flags: 64 } },
	};
};

const meaningOf = (interaction: Interaction, pressed: Pressed, person: PlatformPerson): InteractionRead => {
	const { deliveryId } = pressed;
	const ear: Ear = { application_id: interaction.application_id, token: interaction.token };
	// Discord gives each press its own id, and the same one where it posts it again.
	const externalId = `interaction:${interaction.id}`;
	const asksWhy = (chosen?: string): InteractionRead => {
		const options = optionsIn(interaction);
		if (options.length > 0) return { inbound: [], reply: decisionModal(deliveryId, options, chosen) };
		return chosen === undefined ? nothing : { inbound: [], reply: whisper("Nothing was decided: say what has to change. Press it again.") };
	};
	const decided = (option: string | undefined, comment = ""): InteractionRead =>
		option === undefined
			? nothing
			: // What needs words can't be settled by a press alone.
				option === reviseOption.id && comment.trim() === ""
				? asksWhy(option)
				: { inbound: [{ type: "decision", externalId, deliveryId, option, comment, person, ear }], reply: { type: 6 } };
	const typed = (name: string) =>
		interaction.type === kinds.submitted && "components" in interaction.data
			? interaction.data.components.find(({ component }) => component?.custom_id === name)?.component
			: undefined;
	switch (pressed.action) {
		case "reply":
			return { inbound: [], reply: replyModal(deliveryId) };
		case "comment":
			return asksWhy();
		case "decide":
			return decided(pressed.option);
		case "choose":
			return decided("values" in interaction.data ? interaction.data.values?.[0] : undefined);
		case "commented":
			return decided(typed(fields.option)?.values?.[0], typed(fields.comment)?.value ?? "");
		case "answer": {
			const text = typed(fields.answer)?.value ?? "";
			if (text.trim() === "") return { inbound: [], reply: whisper("There was no answer in it. Press Reply… to write one.") };
			return {
				inbound: [{ type: "answer", externalId, deliveryId, text, author: person.name, ear }],
				reply: whisper("Your answer has arrived."),
			};
		}
	}
};

/** The options as the message offers them, in its buttons or its list. */
const optionsIn = (interaction: Interaction): { value: string; label: string }[] => {
	if (interaction.type !== 3) return [];
	return (interaction.message?.components ?? []).flatMap(({ components }) =>
		components.flatMap(({ custom_id = "", label = "", options }) => {
			const pressed = readCustomId(custom_id);
			if (pressed?.action === "choose") return options ?? [];
			return pressed?.action === "decide" ? [{ value: pressed.option, label }] : [];
		}),
	);
};
