import { listSessions as list } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const listSessions = procedure.auth.listSessions.handler(({ context }) => list(context.core));
