import { signatureOf } from "../../src/slack/signature.ts";
import { workspace } from "./workspace.ts";

/** Something Slack tells us: as a post to our address, ready to be sent, and as it comes through a connection of ours. */
export type SlackPost = {
	headers: Record<string, string>;
	body: string;
	type: "events_api" | "interactive" | "slash_commands";
	payload: unknown;
};

/** Signs a body as Slack does. */
export const signPost = (body: string, contentType: string, at: Date, secret = workspace.signingSecret) => {
	const timestamp = String(Math.floor(at.getTime() / 1000));
	return {
		body,
		headers: {
			"content-type": contentType,
			"x-slack-request-timestamp": timestamp,
			"x-slack-signature": signatureOf(secret, timestamp, Buffer.from(body)),
		},
	};
};

export const postOfEvent = (event: Record<string, unknown>, id: string): SlackPost => {
	const payload = {
		...{ token: "legacy", team_id: workspace.team, api_app_id: workspace.appId, type: "event_callback", event },
		...{ event_id: id, event_time: Math.floor(Date.now() / 1000) },
		authorizations: [{ team_id: workspace.team, user_id: workspace.botUser, is_bot: true }],
	};
	return { ...signPost(JSON.stringify(payload), "application/json", new Date()), type: "events_api", payload };
};

export const postOfInteraction = (fields: Record<string, unknown>): SlackPost => {
	const payload = { api_app_id: workspace.appId, team: { id: workspace.team }, ...fields };
	const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
	return { ...signPost(body, "application/x-www-form-urlencoded", new Date()), type: "interactive", payload };
};

export const postOfCommand = (fields: Record<string, string>): SlackPost => {
	const payload = { token: "legacy", api_app_id: workspace.appId, team_id: workspace.team, team_domain: "planner", ...fields };
	const body = new URLSearchParams(payload).toString();
	return { ...signPost(body, "application/x-www-form-urlencoded", new Date()), type: "slash_commands", payload };
};

export const postOfChallenge = (challenge: string) =>
	signPost(JSON.stringify({ type: "url_verification", token: "legacy", challenge }), "application/json", new Date());
