import type { Received } from "@agentplanner/contracts";
import { InvalidInputError } from "../errors.ts";

// An index row of Postgres holds 2.7 kB at most.
const longestId = 1_000;

/** Text as tables can hold it: U+0000 and halves of characters become the replacement character, since an answer must not be lost for one byte. */
const storable = (text: string) => text.replaceAll("\u0000", "\ufffd").toWellFormed();

/** What a platform said, as it can be stored. Throws InvalidInputError for ids that are too long. */
export const cleanInbound = <Item extends Received>(inbound: readonly Item[]): Item[] =>
	inbound.map((item) => {
		const ids = [item.externalId ?? "", "deliveryId" in item ? item.deliveryId : ""];
		if (ids.some((id) => Buffer.byteLength(id) > longestId))
			throw new InvalidInputError(`The id of what was sent is longer than ${longestId} bytes.`);
		return JSON.parse(JSON.stringify(item), (_name, value) => (typeof value === "string" ? storable(value) : value)) as Item;
	});
