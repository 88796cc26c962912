import { listLinkedAccounts as list } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const listLinkedAccounts = procedure.auth.listLinkedAccounts.handler(({ context }) => list(context.core));
