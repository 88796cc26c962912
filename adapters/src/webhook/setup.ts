import type { Setup } from "@agentplanner/contracts";

export const setup: Setup = {
	needs:
		"For a program of your own, n8n or anything else that takes an HTTP POST. You need its address; AgentPlanner makes the secret that signs.",
	before: [
		{
			title: "Have an address that takes a POST",
			text: "It answers each question in its response, or later. The repository's docs/webhook.md says what comes and what to answer; examples/echo-agent is a whole one. An address on a private network has to be allowed in the project's settings.",
		},
	],
	after: [
		{
			title: "Check the signature at the receiver",
			text: "Give it the signing secret. It follows the Standard Webhooks rules, so there is a library for most languages.",
			link: { label: "standardwebhooks.com", url: "https://www.standardwebhooks.com" },
		},
		{
			title: "Only if it answers later and holds no tokens",
			text: "It can post answers, signed with the same secret, to this address.",
			copy: { label: "Address for answers", text: "{ingress_url}" },
		},
	],
};
