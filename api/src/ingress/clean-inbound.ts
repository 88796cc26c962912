import type { Received } from "@agentplanner/contracts";
import { InvalidInputError } from "@agentplanner/core";

// An index row of Postgres holds 2.7 kB at most.
const longestId = 1_000;

/** Text as tables can hold it: U+0000 and halves of characters become the replacement character, since an answer must not be lost for one byte. */
const storable = (text: string) => text.replaceAll("\u0000", "\ufffd").toWellFormed();

/** The same for every text in it. */
const clean = <Value>(value: Value): Value => {
	if (typeof value === "string") return storable(value) as Value;
	if (Array.isArray(value)) return value.map(clean) as Value;
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), clean(inner)])) as Value;
};

export const cleanInbound = (inbound: readonly Received[]): Received[] =>
	inbound.map((item) => {
		const ids = [item.externalId ?? "", "deliveryId" in item ? item.deliveryId : ""];
		if (ids.some((id) => Buffer.byteLength(id) > longestId))
			throw new InvalidInputError(`The id of what was sent is longer than ${longestId} bytes.`);
		return clean(item);
	});
