import { listAudit as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listAudit = procedure.audit.listAudit.handler(({ context, input }) => list(inProject(context, input.params), input.query));
