import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { type EventType, eventCatalogue } from "./catalogue.ts";
import { describeEventTypes } from "./event-types.ts";

const ajv = new Ajv2020.default({ validateFormats: false });
const types = describeEventTypes();

type Field = { description?: string };
type Schema = { properties: { data: { properties?: Record<string, Field> } } };

test.each(types)("$type says in plain words what it is, and what each of its fields is", ({ type, description, schema }) => {
	expect(type).toMatch(/^[a-z]+(\.[a-z]+)+$/);
	expect(description).toMatch(/^[A-Z][^\n]*\.$/);
	const { properties = {} } = (schema as Schema).properties.data;
	for (const [name, field] of Object.entries(properties)) expect(field.description, name).toMatch(/^[A-Z]/);
});

test.each(types)("$type has an example that its schema allows, also with more to it, but not with less", ({ type, schema, example }) => {
	const validate = ajv.compile(schema);
	expect(validate(example), ajv.errorsText(validate.errors)).toBe(true);
	expect(eventCatalogue[type as EventType].data.strict().parse(example.data)).toEqual(example.data);
	expect(validate({ ...example, added: 1, data: { ...example.data, added: 1 } })).toBe(true);
	for (const name of Object.keys(example.data)) {
		const { [name]: _, ...fewer } = example.data;
		expect(validate({ ...example, data: fewer }), name).toBe(false);
	}
	expect(validate({ ...example, schema_version: example.schema_version + 1 })).toBe(false);
	expect(validate({ ...example, type: "something.else" })).toBe(false);
});
