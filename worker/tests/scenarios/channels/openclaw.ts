import { fixture } from "../../../../adapters/fixtures/openclaw/fixture.ts";
import { startGatewayDouble } from "../../../../adapters/tests/openclaw/gateway-double.ts";
import { lacks, type OpenChannel } from "../channel.ts";

export { real } from "./openclaw-gateway.ts";

/** An agent of a gateway, at work until it is told what it comes to. */
export const open: OpenChannel = async () => {
	const gateway = await startGatewayDouble();
	const { settings, secrets } = fixture.config(gateway.url);
	const person = lacks("Its agents press, decide and read nothing.");
	return {
		settings: settings as Record<string, unknown>,
		secrets,
		address: "main",
		person: "",
		reply: async ({ deliveryId }, text) => gateway.finish({ text }, deliveryId),
		form: person,
		speakUp: lacks("A run says one thing, at its end, and nothing once it is stopped."),
		askBack: async (_sent, question) => gateway.finish({ text: `INPUT_REQUIRED: ${question}` }),
		press: person,
		shown: lacks("A prompt stays as it was."),
		stopped: ({ deliveryId }) =>
			gateway.calls.some(({ method, params }) => method === "sessions.abort" && JSON.stringify(params).includes(deliveryId)),
		told: person,
		wire: {
			break: (how) => {
				gateway.break(how === "cut" ? { on: ["agent"], cut: "after" } : { on: ["agent"], close: 1012 });
				return () => gateway.break(null);
			},
			copies: (question) => gateway.prompts.filter((prompt) => prompt.includes(question)).length,
		},
		close: gateway.close,
	};
};
