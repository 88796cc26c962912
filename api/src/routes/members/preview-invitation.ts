import { previewInvitation as preview } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const previewInvitation = procedure.members.previewInvitation.handler(({ context, input }) => preview(context.core, input.body));
