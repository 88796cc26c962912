export {
	and,
	asc,
	count,
	desc,
	eq,
	getTableColumns,
	gt,
	inArray,
	isNotNull,
	isNull,
	lt,
	lte,
	max,
	ne,
	notInArray,
	or,
	type SQL,
	type SQLWrapper,
	sql,
} from "drizzle-orm";
export { toSnakeCase } from "drizzle-orm/casing";
export type { PgColumn } from "drizzle-orm/pg-core";
export { type Database, type DatabaseOptions, type Durability, type Last, type Orm, openDatabase, type Transaction } from "./client.ts";
export { type Listener, listen } from "./listener.ts";
export { MigrationBlockedError, migrateDatabase, pendingMigrations } from "./migrate.ts";
export { type Channel, channels, type Notifier } from "./notifier.ts";
export { isDatabaseUnavailable, isForeignKeyViolation, isStaleStatement, isUniqueViolation, postgresError } from "./postgres-errors.ts";
export { type Given, prepared } from "./prepared.ts";
export * from "./schema/index.ts";
export { WithCommit, withCommit } from "./with-commit.ts";
