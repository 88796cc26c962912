import type { TimerType } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

/**
 * What somebody shall hear about what they did on a platform. `link.path`: a page of ours; `account`: the one that links theirs, made when
 * they are told. `items`: what is listed below the text.
 */
export type Notice = { text: string; items?: NoticeItem[]; link: { label: string; path: string } | "account" };
export type NoticeItem = { title: string; about: string; due: string | null; path: string };

/**
 * The data of an inbound event once it has been dealt with: with the notice, until `takeNotice` takes it together with the ear; without
 * one nobody needs the ear any more.
 */
export const dataWith = (notice: Notice | null): SQL =>
	notice === null ? sql`data - 'ear'` : sql`data || jsonb_build_object('notice', ${JSON.stringify(notice)}::jsonb)`;

/**
 * Deletes the timer that says that an inbound event waits, and leaves the notice there, if any. Only who deletes it leaves one; whether
 * there is one to take now.
 */
export const closeWithNotice = async (
	ctx: ProjectContext,
	inboundId: string,
	timerType: TimerType,
	notice: Notice | null,
): Promise<boolean> => {
	const { rows } = await ctx.db.execute<{ isLeft: boolean }>(sql`
		with closed as (delete from timers where subject_id = ${inboundId} and type = ${timerType} returning id)
		update inbound_events set data = ${dataWith(notice)} where id = ${inboundId} and exists (select from closed)
		returning data ?& array['notice', 'ear'] as "isLeft"`);
	return rows[0]?.isLeft === true;
};
