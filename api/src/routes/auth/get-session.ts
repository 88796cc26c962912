import { getSession as getSessionOf } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const getSession = procedure.auth.getSession.handler(({ context }) => getSessionOf(context.core));
