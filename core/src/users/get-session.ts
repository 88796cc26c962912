import type { Session } from "@agentplanner/contracts";
import { requireUser } from "../authorize.ts";
import type { Context } from "../context.ts";
import { loadSession } from "./queries.ts";

/** Who is signed in, with their projects and CSRF token. Throws UnauthorizedError without a live session. */
export const getSession = async (ctx: Context): Promise<Session> => loadSession(ctx, requireUser(ctx).sessionId);
