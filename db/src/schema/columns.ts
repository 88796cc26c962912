import { sql } from "drizzle-orm";
import { customType, integer, timestamp, uuid } from "drizzle-orm/pg-core";

export const id = () => uuid().primaryKey().default(sql`uuidv7()`);
export const moment = () => timestamp({ withTimezone: true, precision: 3 });
export const createdAt = () => moment().notNull().default(sql`now()`);
export const updatedAt = () => moment().notNull().default(sql`now()`);
export const version = () => integer().notNull().default(1);

/** Text that compares without regard to case. */
export const citext = customType<{ data: string }>({ dataType: () => "citext" });
export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
/** Sorts byte by byte, as the keys it holds are made to. */
export const byteOrderedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' });
