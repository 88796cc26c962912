import { acceptInvitation as accept } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const acceptInvitation = procedure.members.acceptInvitation.handler(({ context, input }) => accept(context.core, input.body));
