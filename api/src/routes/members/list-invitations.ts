import { listInvitations as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listInvitations = procedure.members.listInvitations.handler(({ context, input }) => list(inProject(context, input.params)));
