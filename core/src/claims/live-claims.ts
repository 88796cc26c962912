import { and, isNull, nodeClaims, sql } from "@agentplanner/db";

/** A claim past its lease is nobody's at once, however late its timer is: what every query on claims that are held asks for. */
export const isLiveClaim = and(isNull(nodeClaims.endedAt), sql`${nodeClaims.leaseUntil} > now()`);
