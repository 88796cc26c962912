import { AdapterError, DecisionAsk, type GuardedResponse, type Inbound, RespondInput } from "@agentplanner/contracts";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { problemOf } from "../problem-of.ts";

const IngressAnswer = z.intersection(z.object({ delivery_id: z.uuid() }), RespondInput);

const looksLikeAnswer = z.object({ type: z.enum(["answer", "input_required", "working", "declined", "decision_required"]) });

const toInbound = (deliveryId: string, answer: RespondInput): Inbound => {
	const said = { externalId: answer.id ?? null, deliveryId, text: answer.text, author: null };
	if (answer.type !== "decision_required") return { type: answer.type, ...said };
	const { type, text, id, ...ask } = answer;
	return { type, ...said, ask: DecisionAsk.parse(ask) };
};

/** What the agent said in its HTTP response. `note` tells a person of an answer that was meant but can't be used. */
export const readAnswer = (deliveryId: string, response: GuardedResponse): { inbound: Inbound[]; note?: string } => {
	const payload = parseJson(response.body);
	if (payload === undefined)
		return response.truncated
			? { inbound: [], note: "The response was cut off before its end, so an answer in it was not read; long answers go to reply_url." }
			: { inbound: [] };
	if (!looksLikeAnswer.safeParse(payload).success) return { inbound: [] };
	const answer = RespondInput.safeParse(payload);
	return answer.success
		? { inbound: [toInbound(deliveryId, answer.data)] }
		: { inbound: [], note: `The response looks like an answer but can't be used: ${problemOf(answer.error)}` };
};

const refusal = (message: string) =>
	new AdapterError("rejected", message, {
		remedy:
			'Post JSON such as {"type":"answer","delivery_id":"…","text":"…"}; type is answer, working, input_required, decision_required or declined.',
	});

/** What the agent posted to our ingress; empty for a ping. */
export const parseIngress = (body: Uint8Array): Inbound[] => {
	const payload = parseJson(body);
	if (payload === undefined) throw refusal("body: is not JSON");
	if (z.object({ type: z.literal("ping") }).safeParse(payload).success) return [];
	const answer = IngressAnswer.safeParse(payload);
	if (!answer.success) throw refusal(problemOf(answer.error));
	return [toInbound(answer.data.delivery_id, answer.data)];
};
