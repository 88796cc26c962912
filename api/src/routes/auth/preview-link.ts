import { previewLink as preview } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const previewLink = procedure.auth.previewLink.handler(({ context, input }) => preview(context.core, input.body.token));
