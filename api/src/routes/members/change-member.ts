import { changeMember as change } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const changeMember = procedure.members.changeMember.handler(({ context, input }) =>
	change(inProject(context, input.params), input.params.userId, input.body),
);
