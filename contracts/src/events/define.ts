import { z } from "zod";
import { Id } from "../values.ts";

/** One kind of event. `trigger`: a workflow listens, so the event gets an outbox row. `data`: what an event of this kind carries beside its envelope. */
export type EventDefinition = {
	subject: string;
	trigger: boolean;
	/** One sentence for whoever subscribes. */
	description: string;
	/**
	 * Which shape `data` has, as its receivers are told. A new optional field keeps it; a field that is renamed, removed, made optional or
	 * required, or of another type or meaning counts it up.
	 */
	schema_version: number;
	data: z.ZodObject;
};

/** For the events about one kind of subject: their definitions, in few words. */
export const eventsAbout =
	<const Subject extends string>(subject: Subject) =>
	<Shape extends Record<string, z.ZodType>>(
		description: string,
		data: Shape,
		{ trigger = false, schema_version = 1 }: { trigger?: boolean; schema_version?: number } = {},
	) => ({ subject, trigger, description, schema_version, data: z.object(data) });

/** A field of `data`: what it means, and an example of it, both for the JSON Schema and docs/events.md. */
export const field = <Schema extends z.ZodType>(schema: Schema, description: string, example: z.input<Schema>): Schema =>
	schema.meta({ description, examples: [example] });

/** Of the ids in examples, the one that ends like this. */
export const exampleId = (ending: `${number}`): string => `0198c1a2-7d4e-7a10-8a35-3f1c9f6f2d${ending}`;

export const idField = (description: string, ending: `${number}`) => field(Id, description, exampleId(ending));

/** The same field where it may be null. */
export const nullable = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().meta(schema.meta() ?? {});

/** What a value was, and what it is now. */
export const change = <Schema extends z.ZodType>(schema: Schema, what: string, from: z.input<Schema>, to: z.input<Schema>) => ({
	from: field(schema, `${what} before`, from),
	to: field(schema, `${what} now`, to),
});
