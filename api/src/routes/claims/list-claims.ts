import { listClaims as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listClaims = procedure.claims.listClaims.handler(({ context, input }) => list(inProject(context, input.params), input.query));
