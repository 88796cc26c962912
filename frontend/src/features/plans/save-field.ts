import type { PlanNode } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../../lib/problems.ts";
import { type EditableField, type FieldStore, type Holder, nodeStore } from "./field-stores.ts";

/** Two values of one field, of which labels are lists. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Somebody else saved the same field meanwhile; nothing was overwritten. */
export class FieldConflict extends Error {
	override name = "FieldConflict";
	readonly theirs: PlanNode[EditableField];

	constructor(theirs: PlanNode[EditableField]) {
		super("Somebody else changed this field while you were editing.");
		this.theirs = theirs;
	}
}

/** The holder as it is known by now: what is drawn may lag behind a save that has just ended. */
export const latestOf = <Field extends EditableField>(
	client: QueryClient,
	seen: Holder<Field>,
	store: FieldStore<Field>,
): Holder<Field> => {
	const known = store.known(client, seen);
	return known !== undefined && known.version > seen.version ? known : seen;
};

/**
 * Saves one field. The version covers the whole holder, so a clash may be about another field: then ours goes on top.
 * `base` is the field as it was when the editing began.
 */
export const saveField = async <Field extends EditableField>(
	client: QueryClient,
	holder: Holder<Field>,
	field: Field,
	base: PlanNode[Field],
	value: PlanNode[Field],
	store: FieldStore<Field> = nodeStore,
): Promise<Holder<Field>> => {
	const change = { [field]: value } as Pick<PlanNode, Field>;
	const seen = latestOf(client, holder, store);
	try {
		if (!isSame(seen[field], base)) throw new FieldConflict((await store.read(client, holder))[field]);
		return await store.save(client, seen, change);
	} catch (error) {
		if (!isProblem(error, "precondition_failed")) throw error;
		const fresh = await store.read(client, holder);
		if (!isSame(fresh[field], base)) throw new FieldConflict(fresh[field]);
		return store.save(client, fresh, change);
	}
};
