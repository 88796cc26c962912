import type { Setup } from "@agentplanner/contracts";
import { manifest } from "./manifest.ts";

export const setup: Setup = {
	needs: "For people and agents in Slack. You need to be allowed to add apps to the workspace; a public address isn't needed.",
	before: [
		{
			title: "Make the app",
			text: "At api.slack.com/apps press Create New App, From a manifest, choose your workspace, choose JSON, and paste this.",
			link: { label: "Open api.slack.com/apps", url: "https://api.slack.com/apps" },
			copy: { label: "Manifest", text: JSON.stringify(manifest, null, 2) },
		},
		{ title: "Install it", text: "Under Install App press Install to your workspace, then Allow." },
		{
			title: "Make an app-level token",
			text: "Under Basic Information, App-Level Tokens, press Generate Token and Scopes, add the scope connections:write, and Generate. By it AgentPlanner hears answers through a connection of its own. Leave it out where Slack shall post to a public address instead.",
		},
	],
	after: [
		{
			title: "Invite it",
			text: "In each channel that shall be asked write this. A channel's id, for routes, stands at the end of its details.",
			copy: { label: "To write in the channel", text: "/invite @AgentPlanner" },
		},
		{
			title: "Let Slack post answers",
			unless_listening: true,
			text: "Switch Socket Mode off in the app's settings, open Event Subscriptions, switch it on, and paste this as the Request URL; Slack writes Verified. Switch Delayed Events on, and save.",
			link: { label: "Event Subscriptions", url: "https://api.slack.com/apps/{app_id}/event-subscriptions" },
			copy: { label: "Request URL", text: "{ingress_url}" },
		},
		{
			title: "Let buttons work",
			unless_listening: true,
			text: "Paste the same address as the Request URL under Interactivity & Shortcuts, and save.",
			link: { label: "Interactivity", url: "https://api.slack.com/apps/{app_id}/interactive-messages" },
			copy: { label: "Request URL", text: "{ingress_url}" },
		},
		{
			title: "Let /planner work",
			unless_listening: true,
			text: "Under Slash Commands press the pencil beside /planner, paste the same address as the Request URL, and save.",
			link: { label: "Slash Commands", url: "https://api.slack.com/apps/{app_id}/slash-commands" },
			copy: { label: "Request URL", text: "{ingress_url}" },
		},
	],
};
