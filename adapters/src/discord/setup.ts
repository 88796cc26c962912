import type { Setup } from "@agentplanner/contracts";
import { installUrl } from "./permissions.ts";

const portal = "https://discord.com/developers/applications";

export const setup: Setup = {
	needs:
		"For people and agents in Discord. You need to be allowed to add bots to the server, and AgentPlanner an https address that Discord reaches, or the gateway.",
	before: [
		{
			title: "Make the application",
			text: "In the Developer Portal press New Application, name it AgentPlanner, and press Create. General Information shows its Application ID and Public Key.",
			link: { label: "Open the Developer Portal", url: portal },
		},
		{
			title: "Get the bot's token",
			text: "Under Bot press Reset Token and copy it; Discord shows it only once. Switch Public Bot off, so that only you can add it to servers.",
		},
	],
	after: [
		{
			title: "Add the bot to your server",
			text: "Open the install link, choose the server, and press Authorize. It asks for what posting questions needs, no more. The check below also declares the command /planner.",
			link: { label: "Install link", url: installUrl("{application_id}") },
		},
		{
			title: "Let Discord post answers",
			unless_listening: true,
			text: "In the Developer Portal, under General Information, paste this as the Interactions Endpoint URL and press Save Changes; Discord tries it at once. Without a public address set Replies to hear to mentions instead.",
			link: { label: "General Information", url: `${portal}/{application_id}/information` },
			copy: { label: "Interactions Endpoint URL", text: "{ingress_url}" },
		},
		{
			title: "Only if replies without a ping shall count",
			text: "Switch Message Content Intent on under Bot, and set Replies to hear to all.",
			link: { label: "Bot", url: `${portal}/{application_id}/bot` },
		},
		{
			title: "Choose channels",
			text: "In Discord switch Developer Mode on (User Settings, Advanced), right-click a channel or thread, and press Copy Channel ID: that is the address of a route.",
		},
	],
};
