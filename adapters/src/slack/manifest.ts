import { neededScopes } from "./check.ts";
import { commandName } from "./command.ts";

/** What the app is told of. */
const events = ["message.channels", "message.groups", "message.im", "app_uninstalled", "tokens_revoked"];

/**
 * What a Slack app of the project's own is made from. With Socket Mode it needs no address of ours; without, Slack asks for one before it
 * switches events and buttons on, and knows where commands go.
 */
export const manifest = {
	display_information: { name: "AgentPlanner", description: "Questions from plans, answers from people" },
	features: {
		bot_user: { display_name: "AgentPlanner", always_online: true },
		app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
		slash_commands: [
			{ command: commandName, description: "Shows you alone what waits for you", usage_hint: "inbox | help", should_escape: false },
		],
	},
	oauth_config: { scopes: { bot: Object.keys(neededScopes) } },
	settings: {
		event_subscriptions: { bot_events: events },
		interactivity: { is_enabled: true },
		org_deploy_enabled: false,
		socket_mode_enabled: true,
		token_rotation_enabled: false,
	},
};
