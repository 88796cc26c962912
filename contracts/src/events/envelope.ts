import { z } from "zod";
import { Timestamp } from "../values.ts";
import { exampleId, field, idField, nullable } from "./define.ts";

/** An event as it leaves the house. `listEventTypes` has the schema of each type, with what its `data` is. */
export const EventEnvelope = z.object({
	id: idField("The event. One that comes twice has the same id", "01"),
	type: field(z.string(), "What happened", "plan.created"),
	timestamp: field(Timestamp, "When it happened", "2026-08-20T09:30:00.000Z"),
	schema_version: field(z.int().min(1), "Which shape `data` has; a new optional field doesn't count it up", 1),
	project_id: nullable(idField("The project; null for what happens to an account", "02")),
	subject_id: idField("What it is about", "03"),
	plan_id: nullable(idField("The plan in which it happened, if in one", "10")),
	node_id: nullable(idField("The node at which it happened, if at one", "11")),
	position: field(z.int(), "Its place in commit order over the installation", 4711),
	actor: field(
		z.object({
			type: z.enum(["user", "person", "agent", "token", "adapter", "system", "anonymous"]),
			id: z.string().optional(),
			name: z.string().optional(),
		}),
		"Who did it, by the name of that time. `person`: a user, on a platform; `system`: AgentPlanner itself",
		{ type: "user", id: exampleId("40"), name: "Ada Lovelace" },
	),
	data: z.record(z.string(), z.unknown()).meta({ description: "What else there is to say of it" }),
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** One kind of event, for whoever subscribes. */
export const EventTypeInfo = z.strictObject({
	type: z.string(),
	/** What kind of thing `subject_id` is the id of. */
	subject: z.string(),
	description: z.string(),
	schema_version: z.int().min(1),
	/** JSON Schema (2020-12) of the whole event; what it carries beside its envelope is `properties.data`. */
	schema: z.record(z.string(), z.unknown()),
	example: EventEnvelope,
});
export type EventTypeInfo = z.infer<typeof EventTypeInfo>;
