import { createAccessToken as create } from "@agentplanner/core";
import { signIn } from "../../http/sign-in.ts";
import { procedure } from "../../procedure.ts";

export const createAccessToken = procedure.auth.createAccessToken.handler(async ({ context, input }) => {
	if (!input.body) return create(context.core);
	const { actor } = await signIn(context, input.body, true);
	return create({ ...context.core, actor });
});
