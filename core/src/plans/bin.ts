import { plans, sql } from "@agentplanner/db";

const binDays = 30;

/** For how long what was deleted can be restored. */
export const keptAfterDeletion = sql`make_interval(days => ${binDays})`;

/** Until when what was deleted then can be restored. */
export const keptUntil = (deletedAt: Date): Date => new Date(deletedAt.getTime() + binDays * 86_400_000);

/** Of a plan that lay in the bin to its end: upkeep takes it away piece by piece. */
export const isPastBin = sql`${plans.deletedAt} < now() - ${keptAfterDeletion}`;

/** Its opposite for who takes it out, by the clock of the moment and not of the transaction's begin, so that no piece is missing. */
export const isInBin = sql`${plans.deletedAt} >= clock_timestamp() - ${keptAfterDeletion}`;
