import { eventCatalogue } from "@agentplanner/contracts";
import type { Database } from "./client.ts";

/** Events that verbs have emitted and whose data isn't what the catalogue says: whoever reads them was told another shape. */
export const findMisfits = async ({ pool }: Database): Promise<string[]> => {
	// What a test wrote into the table by itself has nobody who did it.
	const { rows } = await pool.query<{ type: string; data: unknown }>("select distinct type, data from events where actor ? 'type'", []);
	return rows.flatMap(({ type, data }) => {
		const known = eventCatalogue[type as keyof typeof eventCatalogue];
		if (known === undefined) return [`${type} is not in the catalogue`];
		const { error } = known.data.strict().safeParse(data);
		return error
			? [`${type} ${JSON.stringify(data)}: ${error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")}`]
			: [];
	});
};
