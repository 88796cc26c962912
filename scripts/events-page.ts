// Writes the list of events into docs/events.md, from the catalogue in contracts/src/events/: npx node scripts/events-page.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeEventTypes, type EventTypeInfo } from "@agentplanner/contracts";
import { root } from "./start/root.ts";
import { withWrittenPart } from "./written-part.ts";

export const pageFile = join(root, "docs", "events.md");

type Field = {
	type?: string;
	format?: string;
	description?: string;
	enum?: unknown[];
	const?: unknown;
	anyOf?: Field[];
	items?: Field;
	properties?: Record<string, Field>;
	required?: string[];
};

const plainTypes: Record<string, string> = {
	string: "text",
	integer: "whole number",
	number: "number",
	boolean: "true or false",
	null: "null",
	object: "object",
};

const typeOf = ({ type = "", format, enum: options, anyOf, items, properties }: Field): string => {
	if (anyOf) return [...new Set(anyOf.map(typeOf))].join(" or ");
	if (options) return options.map((option) => `\`${option}\``).join(", ");
	if (format === "uuid") return "id";
	if (format === "date-time") return "moment";
	if (items) return `list of ${typeOf(items)}`;
	if (properties) return `\`{${Object.keys(properties).join(", ")}}\``;
	return plainTypes[type] ?? type;
};

const table = ({ properties = {}, required = [] }: Field): string =>
	[
		"| field | is | means |",
		"| --- | --- | --- |",
		...Object.entries(properties).map(([name, field]) => {
			const is = field.const === undefined ? typeOf(field) : `\`${field.const}\``;
			return `| \`${name}\` | ${is}${required.includes(name) ? "" : "; may be missing"} | ${field.description ?? ""} |`;
		}),
	].join("\n");

const chapter = ({ type, description, schema_version, schema }: EventTypeInfo): string => {
	const data = (schema as Field).properties?.data ?? {};
	const version = schema_version === 1 ? "" : ` Version ${schema_version}.`;
	const hasFields = Object.keys(data.properties ?? {}).length > 0;
	return `### ${type}\n\n${description}${version}${hasFields ? `\n\n${table(data)}` : " Its `data` is empty."}`;
};

const listOfEvents = (): string => {
	const bySubject = Object.groupBy(describeEventTypes(), ({ subject }) => subject);
	return Object.entries(bySubject)
		.map(([subject, types = []]) => {
			const [schema] = types.map((each) => each.schema as Field);
			const about = schema?.properties?.subject_id?.description ?? "";
			return [`## About: ${subject}`, `\`subject_id\`: ${about.charAt(0).toLowerCase()}${about.slice(1)}.`, ...types.map(chapter)].join(
				"\n\n",
			);
		})
		.join("\n\n");
};

export const withEvents = (page: string): string =>
	withWrittenPart(page, "docs/events.md", "<!-- events: written by scripts/events-page.ts -->", "<!-- end of events -->", listOfEvents());

if (import.meta.main) writeFileSync(pageFile, withEvents(readFileSync(pageFile, "utf8")));
