import { queryAt, type Rows } from "@agentplanner/e2e/database";
import { launch } from "@agentplanner/e2e/product";

export type BareDatabase = { url: string; query: Rows };

/** An empty database beside the product's own, on the same server. It goes with the product's data folder. */
export const createBareDatabase = async (productUrl: string, name: string): Promise<BareDatabase> => {
	await queryAt(productUrl)(`create database ${name}`);
	const url = new URL(productUrl);
	url.pathname = `/${name}`;
	return { url: url.href, query: queryAt(url.href) };
};

/** Gives it the product's own tables and indexes. */
export const migrateBareDatabase = async ({ url }: BareDatabase): Promise<void> => {
	const { exit, output } = launch("scripts/migrate.ts", [], { DATABASE_URL: url });
	if ((await exit) !== 0) throw new Error(`The bare database could not be migrated: ${output()}`);
};

/** Copies whole tables, parents first. */
export const copyRows = async (from: Rows, to: Rows, tables: string[]): Promise<void> => {
	for (const table of tables) {
		const [found] = await from<{ rows: unknown[] }>(`select coalesce(jsonb_agg(to_jsonb(t)), '[]') as rows from ${table} t`);
		await to(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [JSON.stringify(found?.rows ?? [])]);
	}
};
