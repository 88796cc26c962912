import { type SQL, sql } from "@agentplanner/db";

/** What somebody shall hear about what they did on a platform. `link.path`: a page of ours; `account`: the one that links theirs, made when they are told. */
export type Notice = { text: string; link: { label: string; path: string } | "account" };

/**
 * The data of an inbound event once it has been dealt with: with the notice, until `takeNotice` takes it together with the ear; without
 * one nobody needs the ear any more.
 */
export const dataWith = (notice: Notice | null): SQL =>
	notice === null ? sql`data - 'ear'` : sql`data || jsonb_build_object('notice', ${JSON.stringify(notice)}::jsonb)`;
