import * as contracts from "@agentplanner/contracts";
import { Timestamp } from "@agentplanner/contracts";
import { JSON_SCHEMA_REGISTRY } from "@orpc/zod/zod4";
import { z } from "zod";

// The format alone would also promise years that are refused.
JSON_SCHEMA_REGISTRY.add(Timestamp, {
	type: "string",
	format: "date-time",
	pattern: "^(?:19[7-9]\\d|[2-8]\\d{3}|9(?:[0-8]\\d{2}|9(?:[0-8]\\d|9[0-8])))-",
	examples: ["2026-03-01T09:30:00Z"],
});

/** Parts of requests, which are listed as parameters. */
const isPart = (name: string) => /(Params|Query|Headers)$/.test(name);

const isNamed = ([name, value]: [string, unknown]): boolean =>
	/^[A-Z]/.test(name) && !isPart(name) && (value instanceof z.ZodObject || value instanceof z.ZodUnion || value instanceof z.ZodEnum);

/** Every object, union and enumeration that contracts/ exports, under its name there. */
export const namedSchemas = (): Record<string, { schema: z.ZodType }> =>
	Object.fromEntries(
		Object.entries(contracts)
			.filter(isNamed)
			.map(([name, schema]) => [name, { schema: schema as z.ZodType }]),
	);
