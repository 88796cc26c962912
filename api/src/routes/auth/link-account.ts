import { linkPlatformAccount } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const linkAccount = procedure.auth.linkAccount.handler(({ context, input }) => linkPlatformAccount(context.core, input.body.token));
