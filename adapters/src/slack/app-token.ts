import { type AdapterContext, AdapterError, type CheckResult, type Config } from "@agentplanner/contracts";
import { z } from "zod";
import { createSlackCaller } from "./client.ts";
import type { SlackSecrets, SlackSettings } from "./config.ts";
import { SlackRefusal } from "./outcome.ts";

const Opened = z.object({ url: z.string() });

/** Asks Slack, by the app-level token, for the address of a new Socket Mode line. Throws AdapterError. */
export const createLineRequest = (config: Config<SlackSettings, SlackSecrets>, context: AdapterContext) => {
	const call = createSlackCaller(config, context, config.secrets.app_token);
	return async (signal: AbortSignal): Promise<string> => {
		try {
			const { result } = await call("apps.connections.open", {}, signal);
			return Opened.parse(result).url;
		} catch (error) {
			if (!(error instanceof SlackRefusal) || error.kind !== "unauthorized") throw error;
			throw new AdapterError("unauthorized", `Slack refused the app-level token (${error.code}).`, {
				remedy:
					"In Slack's app settings switch Socket Mode on; under Basic Information, App-Level Tokens, generate a token with the scope connections:write, and enter it here with Edit.",
				exchange: error.exchange,
			});
		}
	};
};

/** A wrong app-level token keeps answers away, but no message back. */
export const checkAppToken = async (requestLine: (signal: AbortSignal) => Promise<string>, signal: AbortSignal): Promise<CheckResult> => {
	try {
		await requestLine(signal);
		return [];
	} catch (error) {
		if (error instanceof AdapterError) return [{ problem: `Answers don't arrive: ${error.message}`, remedy: error.remedy }];
		throw error;
	}
};
