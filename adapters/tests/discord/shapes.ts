/// <reference path="./discord-api-spec.d.ts" />
import type { APIEmbed } from "discord.js";
import {
	ApplicationCommandCreateRequestSchema,
	CreateMessageInteractionCallbackRequestSchema,
	IncomingWebhookRequestPartialSchema,
	IncomingWebhookUpdateRequestPartialSchema,
	MessageCreateRequestSchema,
	MessageEditRequestPartialSchema,
	ModalInteractionCallbackRequestSchema,
	PongInteractionCallbackRequestSchema,
	UpdateMessageInteractionCallbackRequestSchema,
} from "discord-api-spec/zod";
import { z } from "zod";

type Shape = typeof MessageCreateRequestSchema;

/** What a body must look like by Discord's own specification. */
export const bodies = {
	create: MessageCreateRequestSchema,
	edit: MessageEditRequestPartialSchema,
	followUp: IncomingWebhookRequestPartialSchema,
	rewrite: IncomingWebhookUpdateRequestPartialSchema,
} satisfies Record<string, Shape>;

const callbacks: Record<number, Shape> = {
	1: PongInteractionCallbackRequestSchema,
	4: CreateMessageInteractionCallbackRequestSchema,
	5: CreateMessageInteractionCallbackRequestSchema,
	6: UpdateMessageInteractionCallbackRequestSchema,
	9: ModalInteractionCallbackRequestSchema,
};

const Loose = z.looseObject({
	content: z.string().optional(),
	embeds: z.array(z.custom<APIEmbed>()).default([]),
	components: z.array(z.looseObject({ components: z.array(z.looseObject({ custom_id: z.string().optional() })) })).default([]),
	flags: z.int().default(0),
	allowed_mentions: z.object({ parse: z.array(z.string()) }).optional(),
});

const lengthOf = ({ title = "", description = "", fields = [], footer, author }: APIEmbed): number =>
	[title, description, footer?.text ?? "", author?.name ?? "", ...fields.flatMap(({ name, value }) => [name, value])].join("").length;

const componentsV2 = 1 << 15;

/** What the specification lets pass although Discord refuses it, and that nobody may be pinged, which is our own rule. */
const otherProblems = (body: z.infer<typeof Loose>, known: readonly string[]): string[] => {
	const { content = "", embeds, components, flags } = body;
	const ids = components.flatMap((row) => row.components.flatMap(({ custom_id }) => custom_id ?? []));
	const found: [boolean, string][] = [
		[content.length > 2_000, "content is longer than 2000"],
		[embeds.map(lengthOf).reduce((sum, length) => sum + length, 0) > 6_000, "embeds are longer than 6000 together"],
		[(flags & componentsV2) !== 0 && (content !== "" || embeds.length > 0), "content beside components of version 2"],
		[Object.keys(body).some((key) => !known.includes(key)), `unknown: ${Object.keys(body).filter((key) => !known.includes(key))}`],
		[content === "" && embeds.length === 0 && components.length === 0, "the message is empty"],
		[new Set(ids).size !== ids.length, "custom_id twice"],
		[body.allowed_mentions?.parse.length !== 0, "allowed_mentions lets somebody be pinged"],
	];
	return found.flatMap(([isSo, problem]) => (isSo ? [problem] : []));
};

const specProblems = (shape: Shape, body: unknown): string[] => {
	const parsed = shape.safeParse(body);
	return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

export const messageProblems = (kind: keyof typeof bodies, body: unknown): string[] => [
	...specProblems(bodies[kind], body),
	...otherProblems(Loose.parse(body), Object.keys(bodies[kind].shape)),
];

/** What is wrong with an answer to an interaction. */
export const callbackProblems = (answer: unknown): string[] => {
	const { type, data } = z.looseObject({ type: z.int(), data: z.unknown().optional() }).parse(answer);
	const shape = callbacks[type];
	if (!shape) return [`no such answer to an interaction: type ${type}`];
	return [...specProblems(shape, answer), ...(type === 4 ? messageProblems("followUp", data) : [])];
};

export type Command = z.infer<typeof Command>;
const Command = z.looseObject({
	name: z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u),
	type: z.literal(1),
	description: z.string().min(1),
	options: z.array(z.looseObject({ type: z.int(), name: z.string().regex(/^[-_'\p{L}\p{N}]{1,32}$/u), description: z.string().min(1) })),
});

/** A command as an application declares it, or what is wrong with it. */
export const readCommand = (body: unknown): { command: Command | null; problems: string[] } => {
	const parsed = Command.safeParse(body);
	const unknown = Object.keys(body as object).filter((key) => !(key in ApplicationCommandCreateRequestSchema.shape));
	const ours = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
	const problems = [...specProblems(ApplicationCommandCreateRequestSchema, body), ...ours, ...unknown.map((key) => `unknown: ${key}`)];
	return { command: parsed.data ?? null, problems };
};
