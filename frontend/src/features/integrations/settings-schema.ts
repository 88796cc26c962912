import { z } from "zod";

/** The parts of JSON Schema that a settings form can show as a field of its own. */
const Property = z.object({
	type: z.string().optional(),
	title: z.string().optional(),
	description: z.string().optional(),
	enum: z.array(z.string()).optional(),
	default: z.unknown().optional(),
	format: z.string().optional(),
	minimum: z.number().optional(),
	maximum: z.number().optional(),
	/** An adapter's own mark: to be seen at once, although it may stay empty. */
	prominent: z.boolean().optional(),
});
const Schema = z.object({ properties: z.record(z.string(), Property).default({}), required: z.array(z.string()).default([]) });

export type SettingKind = "text" | "url" | "number" | "switch" | "choice" | "json";
export type SettingField = {
	name: string;
	label: string;
	description: string | null;
	required: boolean;
	prominent: boolean;
	kind: SettingKind;
	choices: string[];
	initial: unknown;
};

/** `reply_timeout_ms` → `Reply timeout ms`. */
const labelOf = (name: string): string => {
	const words = name.replaceAll("_", " ");
	return words.slice(0, 1).toUpperCase() + words.slice(1);
};

/** What a setting is called on the screen, also one that the schema no longer knows. */
export const settingLabel = (fields: SettingField[], name: string): string =>
	fields.find((field) => field.name === name)?.label ?? labelOf(name);

/** What is set, as the form orders it; what the schema no longer knows stands last. */
export const inOrder = <Value>(fields: SettingField[], values: Record<string, Value>): [name: string, value: Value][] => {
	const names = new Set([...fields.map(({ name }) => name), ...Object.keys(values)]);
	return [...names].flatMap((name) => (name in values ? [[name, values[name] as Value]] : []));
};

const kindOf = ({ type, format, enum: choices }: z.infer<typeof Property>): SettingKind => {
	if (choices !== undefined) return "choice";
	if (type === "boolean") return "switch";
	if (type === "integer" || type === "number") return "number";
	if (type === "string" || type === undefined) return format === "uri" ? "url" : "text";
	return "json";
};

export const settingFields = (schema: Record<string, unknown>): SettingField[] => {
	const parsed = Schema.safeParse(schema);
	if (!parsed.success) return [];
	const { properties, required } = parsed.data;
	return Object.entries(properties).map(([name, property]) => ({
		name,
		label: property.title ?? labelOf(name),
		description: property.description ?? null,
		// What has a default may be left out, although the schema of the output calls it required.
		required: required.includes(name) && property.default === undefined,
		prominent: property.prominent ?? false,
		kind: kindOf(property),
		choices: property.enum ?? [],
		initial: property.default,
	}));
};

const typedText = (kind: SettingKind, value: unknown): string | boolean => {
	if (kind === "switch") return value === true;
	return kind === "json" ? JSON.stringify(value) : String(value);
};

/** Settings as the fields show them; what is not set shows its default. */
export const typeSettings = (fields: SettingField[], settings: Record<string, unknown>): Record<string, string | boolean> =>
	Object.fromEntries(
		fields.flatMap(({ name, kind, initial }) => {
			const value = settings[name] ?? initial;
			return value === undefined || value === null ? [] : [[name, typedText(kind, value)]];
		}),
	);

export type TypedSettings = { values: Record<string, unknown>; errors: Record<string, string> };

/** What the fields hold as typed text, turned into settings; what is empty is left out. */
export const readSettings = (fields: SettingField[], typed: Record<string, string | boolean>): TypedSettings => {
	const values: Record<string, unknown> = {};
	const errors: Record<string, string> = {};
	for (const { name, kind, required } of fields) {
		const value = typed[name];
		if (value === undefined || value === "") {
			if (required && kind !== "switch") errors[name] = "is needed";
			continue;
		}
		if (kind === "number") {
			const number = Number(value);
			if (Number.isFinite(number)) values[name] = number;
			else errors[name] = "must be a number";
		} else if (kind === "json") {
			try {
				values[name] = JSON.parse(String(value));
			} catch {
				errors[name] = 'must be JSON, for example {"X-Team": "planning"}';
			}
		} else values[name] = value;
	}
	return { values, errors };
};
