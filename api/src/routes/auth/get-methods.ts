import { readSignUp } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const getMethods = procedure.auth.getMethods.handler(async ({ context: { core, config } }) => ({
	github: config.github !== null,
	sign_up: await readSignUp(core, { signup: config.signup }),
}));
