import type { Setup } from "@agentplanner/contracts";

export const setup: Setup = {
	needs: "For agents of an OpenClaw gateway that this server reaches. You need a shell on the gateway's machine.",
	before: [
		{
			title: "Let the gateway be reached",
			text: "It listens to its own machine alone until you say otherwise. In ~/.openclaw/openclaw.json set gateway.bind to lan, or put a proxy with TLS before it, then restart it with “openclaw gateway restart”. Where it has a private address, add its network to the project's allowed networks.",
			copy: { label: "To run there", text: "openclaw config set gateway.bind lan" },
		},
		{
			title: "Find its token",
			text: "This prints it. Enter it below; the device key is made for you.",
			copy: { label: "To run there", text: "openclaw gateway auth-token --show" },
		},
	],
	after: [
		{
			title: "Approve this integration",
			text: "Press Check now, or later Test now: the gateway hears of it, and the result names the request to approve. Run this there with its id, and test again.",
			copy: { label: "To run there", text: "openclaw devices list" },
		},
		{
			title: "Choose agents",
			text: "Put an agent's id as the address of a route; without one it is the agent in the settings. This lists them.",
			copy: { label: "To run there", text: "openclaw agents list" },
		},
	],
};
