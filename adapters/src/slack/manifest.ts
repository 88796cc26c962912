import { neededScopes } from "./check.ts";

/** What a Slack app of the project's own is made from. */
export const manifest = {
	display_information: { name: "AgentPlanner", description: "Questions from plans, answers from people" },
	features: { bot_user: { display_name: "AgentPlanner", always_online: true } },
	oauth_config: { scopes: { bot: Object.keys(neededScopes) } },
	settings: { org_deploy_enabled: false, socket_mode_enabled: false, token_rotation_enabled: false },
};
