import { startGatewayRelay } from "../../../../adapters/tests/openclaw/gateway-relay.ts";
import { startHeldModel } from "../../../../adapters/tests/openclaw/held-model.ts";
import { lacks, type OpenChannel, type Sent } from "../channel.ts";

const { OPENCLAW_TEST_URL, OPENCLAW_TEST_TOKEN, OPENCLAW_TEST_AGENT, OPENCLAW_TEST_MODEL_PORT } = process.env;

const isGiven = OPENCLAW_TEST_URL && OPENCLAW_TEST_TOKEN && OPENCLAW_TEST_MODEL_PORT;

/** A gateway reads its agent's files, tools and earlier sessions before it asks the model; the first time longest. */
const thinkingMs = 50_000;

/**
 * The gateway of the token in the environment, on this machine. Its agent's model is ours, which says what the scenario has it say; and so is
 * the wire to it, which is why it can be broken and what is told the gateway be seen.
 */
const open: OpenChannel = async () => {
	await using opened = new AsyncDisposableStack();
	const model = await startHeldModel(Number(OPENCLAW_TEST_MODEL_PORT));
	opened.defer(model.close);
	const relay = await startGatewayRelay(OPENCLAW_TEST_URL ?? "");
	opened.defer(relay.close);

	const promptOf = ({ deliveryId }: Sent) => {
		const run = relay.calls.find(({ method, params }) => method === "agent" && String(params.idempotencyKey).startsWith(deliveryId));
		if (!run) throw new Error("The gateway was not asked this.");
		return String(run.params.message);
	};
	const say = (sent: Sent, text: string) => model.say(promptOf(sent), text, AbortSignal.timeout(thinkingMs));
	const person = lacks("Its agents press, decide and read nothing.");
	const everything = opened.move();
	return {
		settings: { url: relay.url },
		secrets: { token: OPENCLAW_TEST_TOKEN ?? "" },
		address: OPENCLAW_TEST_AGENT ?? "main",
		person: "",
		reply: say,
		form: person,
		speakUp: lacks("A run says one thing, at its end, and nothing once it is stopped."),
		askBack: (sent, question) => say(sent, `INPUT_REQUIRED: ${question}`),
		press: person,
		shown: lacks("A prompt stays as it was."),
		stopped: ({ deliveryId }) =>
			relay.calls.some(
				({ method, params, answer }) =>
					method === "sessions.abort" && String(params.runId).startsWith(deliveryId) && answer?.status === "aborted",
			),
		told: person,
		wire: {
			break: (how) => {
				relay.break(how);
				return () => relay.break(null);
			},
			copies: (question) => model.asked.filter((prompt) => prompt.includes(question)).length,
		},
		// While it begins runs it answers late.
		closesWithinMs: 20_000,
		close: () => everything.disposeAsync(),
	};
};

/** Null without the token. */
export const real: OpenChannel | null = isGiven ? open : null;
