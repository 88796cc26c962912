import { z } from "zod";
import { type EventType, eventCatalogue, eventTypes } from "./catalogue.ts";
import { idField } from "./define.ts";
import { EventEnvelope, type EventTypeInfo } from "./envelope.ts";
import {
	agentId,
	commentId,
	decisionId,
	deliveryId,
	goalId,
	integrationId,
	invitationId,
	nodeId,
	planId,
	projectId,
	requestId,
	userId,
} from "./fields.ts";

type Subject = (typeof eventCatalogue)[EventType]["subject"];

const cameIn = idField("What came in from the platform", "28");

const subjects: Record<Subject, z.ZodType> = {
	user: userId,
	project: projectId,
	member: idField("The user who is or was the member", "43"),
	invitation: invitationId,
	token: idField("The API token", "44"),
	plan: planId,
	node: nodeId,
	log: idField("The note", "27"),
	comment: commentId,
	mention: idField("The user who is mentioned", "43"),
	goal: goalId,
	agent: agentId,
	integration: integrationId,
	request: requestId,
	response: idField("The response", "21"),
	decision: decisionId,
	vote: cameIn,
	command: cameIn,
	delivery: deliveryId,
	subscription: idField("The subscription", "32"),
	replay: idField("The replay", "33"),
};

/** Where such events happen, as `placeOf` in core finds it; it decides no more than what the example shows. */
const happensIn = (subject: Subject, data: Record<string, z.ZodType>): { plan: boolean; node: boolean } => {
	const node = subject === "node" || ["node_id", "agent_request_id", "decision_id"].some((name) => name in data);
	return { plan: node || subject === "plan" || "plan_id" in data, node };
};

const nowhere = <Schema extends z.ZodNullable>(schema: Schema) => schema.meta({ ...schema.meta(), examples: [null] });

const schemaOf = (type: EventType): z.ZodObject => {
	const { subject, schema_version, data } = eventCatalogue[type];
	const { shape } = EventEnvelope;
	const place = happensIn(subject, data.shape);
	return EventEnvelope.extend({
		type: z.literal(type),
		schema_version: z.literal(schema_version),
		project_id: subject === "user" ? z.null() : projectId,
		subject_id: subjects[subject],
		plan_id: place.plan ? shape.plan_id : nowhere(shape.plan_id),
		node_id: place.node ? shape.node_id : nowhere(shape.node_id),
		data,
	});
};

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** As a receiver may rely on it: what isn't named may come all the same, since fields are added. */
const toJsonSchema = (schema: z.ZodObject): JsonSchema =>
	z.toJSONSchema(schema, {
		io: "input",
		override: ({ jsonSchema }) => {
			// What `format` says already, at length, and what any JSON parser sees to.
			if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
			if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
		},
	});

/** Of what is always there. */
const exampleOf = (schema: JsonSchema): unknown => {
	if (schema.const !== undefined) return schema.const;
	if (schema.type === "null") return null;
	if (schema.examples) return (schema.examples as unknown[])[0];
	const properties = schema.properties ?? {};
	return Object.fromEntries((schema.required ?? []).map((name) => [name, exampleOf(properties[name] as JsonSchema)]));
};

const describe = (type: EventType): EventTypeInfo => {
	const { subject, description, schema_version } = eventCatalogue[type];
	const schema = toJsonSchema(schemaOf(type));
	return { type, subject, description, schema_version, schema, example: exampleOf(schema) as EventEnvelope };
};

let described: EventTypeInfo[] | null = null;

/** What `listEventTypes` answers, in the order of the catalogue; made when it is first asked for. */
export const describeEventTypes = (): EventTypeInfo[] => {
	described ??= eventTypes.map(describe);
	return described;
};
