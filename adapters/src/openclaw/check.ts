import type { CheckResult } from "@agentplanner/contracts";
import { z } from "zod";
import { agentOf, type OpenClawSettings } from "./config.ts";
import { scopes as neededScopes } from "./device.ts";
import type { Gateway } from "./gateway.ts";

const Agents = z.object({ agents: z.array(z.object({ id: z.string() })) });

/** The line, what we may do there, and whether every agent that routes mean exists. */
export const checkOpenClaw = async (
	{ call, scopes }: Gateway,
	settings: OpenClawSettings,
	addresses: readonly string[],
): Promise<CheckResult> => {
	const missing = neededScopes.filter((scope) => !scopes.includes(scope) && !scopes.includes("operator.admin"));
	if (missing.length > 0)
		return [
			{
				problem: `The gateway grants this integration no ${missing.join(" and no ")}.`,
				remedy: "On the gateway's machine run “openclaw devices list” and approve this integration's device, then test again.",
				kind: "unauthorized",
			},
		];
	const { result } = await call("agents.list", {}, Agents);
	const known = result.agents.map(({ id }) => id);
	const asked = new Set(["", ...addresses].map((address) => agentOf(address, settings)));
	return [...asked]
		.filter((agent) => !known.includes(agent))
		.map((agent) => ({
			problem: `The gateway has no agent “${agent}”; it has ${known.slice(0, 20).join(", ")}.`,
			remedy: "Correct the agent's id in the route or in the settings, or add the agent on the gateway (“openclaw agents add”).",
		}));
};
