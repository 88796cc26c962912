import { z } from "zod";
import { urlSetting } from "../url-setting.ts";

const appId = /^A[A-Z0-9]{5,20}$/;
const appIds = /^\s*A[A-Z0-9]{5,20}(\s*,\s*A[A-Z0-9]{5,20})*\s*$/;

export const SlackSettings = z.strictObject({
	app_id: z
		.string("must be given")
		.regex(appId, "must be the app's id, such as A0123456789")
		.meta({ title: "App ID", description: "Of the Slack app you made for this project: Basic Information, App Credentials." }),
	allowed_bots: z
		.string()
		.max(1_000)
		.regex(appIds, "must be ids of apps with commas between, such as A0123456789, A9876543210")
		.optional()
		.meta({
			title: "Apps whose replies count",
			description: "Ids of other apps, such as AI agents, whose replies in threads are answers. Others are ignored; people always count.",
		}),
	api_url: urlSetting(500)
		.optional()
		.meta({ title: "API address", description: "Only for GovSlack: https://slack-gov.com/api/", format: "uri" }),
});
export type SlackSettings = z.infer<typeof SlackSettings>;

const SigningSecret = z.string().regex(/^[0-9a-zA-Z]{16,128}$/, "must be the 32 letters and digits that Slack shows");

export const SlackSecrets = z
	.strictObject({
		bot_token: z
			.string("must be given")
			.regex(/^xoxb-[0-9A-Za-z-]{10,300}$/, "must be the Bot User OAuth Token, which begins with xoxb-")
			.meta({ title: "Bot token", description: "OAuth & Permissions, Bot User OAuth Token, once the app is installed." }),
		app_token: z
			.string()
			.regex(/^xapp-[0-9A-Za-z-]{10,300}$/, "must be an App-Level Token, which begins with xapp-")
			.optional()
			.meta({
				title: "App-level token",
				description: "Lets AgentPlanner hear answers without a public address: Basic Information, App-Level Tokens.",
				prominent: true,
			}),
		signing_secret: SigningSecret.optional().meta({
			title: "Signing secret",
			description: "Needed where there is no app-level token, so that Slack posts to AgentPlanner: Basic Information, App Credentials.",
			prominent: true,
		}),
		previous_signing_secret: SigningSecret.optional().meta({
			title: "Previous signing secret",
			description: "Is accepted as well while Slack changes over to a new one.",
		}),
	})
	.refine(({ app_token, signing_secret }) => app_token !== undefined || signing_secret !== undefined, {
		path: ["signing_secret"],
		error: "must be given where there is no app-level token: by it Slack's posts are known",
		// Said together with what else is wrong.
		when: ({ value }) => typeof value === "object" && value !== null,
	});
export type SlackSecrets = z.infer<typeof SlackSecrets>;

export const apiUrlOf = ({ api_url }: SlackSettings): string => api_url ?? "https://slack.com/api/";

export const signingSecrets = ({ signing_secret, previous_signing_secret }: SlackSecrets): string[] =>
	[signing_secret, previous_signing_secret].filter((secret) => secret !== undefined);

export const allowedBots = ({ allowed_bots }: SlackSettings): string[] => allowed_bots?.split(",").map((id) => id.trim()) ?? [];
