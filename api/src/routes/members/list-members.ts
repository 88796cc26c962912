import { listMembers as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listMembers = procedure.members.listMembers.handler(({ context, input }) => list(inProject(context, input.params)));
