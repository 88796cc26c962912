import { createHash } from "node:crypto";
import { AdapterError, type GuardedResponse, type Inbound } from "@agentplanner/contracts";
import { z } from "zod";

// Agents paste terminal output: its control characters would be refused by the database, the words around them matter.
const cleaned = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").toWellFormed();

const anyText = z.string().max(100_000).transform(cleaned);
const someText = anyText.refine((text) => text.trim() !== "", "must not be empty");
const id = z
	.string()
	.min(1)
	.max(200)
	.regex(/^[^\p{Cc}\p{Cs}]*$/u, "must not hold control characters")
	.optional();

const Answer = z.discriminatedUnion("type", [
	z.object({ type: z.literal("answer"), text: someText, id }),
	z.object({ type: z.literal("input_required"), text: someText, id }),
	z.object({ type: z.literal("working"), text: anyText.default(""), id }),
	z.object({ type: z.literal("declined"), text: anyText.default(""), id }),
]);
const IngressAnswer = z.intersection(z.object({ delivery_id: z.uuid() }), Answer);

const looksLikeAnswer = z.object({ type: z.enum(["answer", "input_required", "working", "declined"]) });

/** Named after the delivery, since an agent numbers its answers as it likes, and many say the same word. */
const externalIdOf = (deliveryId: string, answer: z.infer<typeof Answer>): string =>
	`${deliveryId}:${answer.id ?? createHash("sha256").update(`${answer.type}\n${answer.text}`).digest("hex")}`;

const toInbound = (deliveryId: string, answer: z.infer<typeof Answer>): Inbound => ({
	type: answer.type,
	externalId: externalIdOf(deliveryId, answer),
	deliveryId,
	text: answer.text,
	author: null,
});

const problemOf = (error: z.ZodError): string => {
	const issue = error.issues[0];
	return `${issue?.path.join(".") || "body"}: ${issue?.message ?? "not understood"}`;
};

const parseJson = (body: Uint8Array): unknown => {
	try {
		return JSON.parse(new TextDecoder().decode(body));
	} catch {
		return undefined;
	}
};

/** What the agent said in its HTTP response. `note` tells a person of an answer that was meant but can't be used. */
export const readAnswer = (deliveryId: string, response: GuardedResponse): { inbound: Inbound[]; note?: string } => {
	const payload = parseJson(response.body);
	if (payload === undefined)
		return response.truncated
			? { inbound: [], note: "The response was cut off before its end, so an answer in it was not read; long answers go to reply_url." }
			: { inbound: [] };
	if (!looksLikeAnswer.safeParse(payload).success) return { inbound: [] };
	const answer = Answer.safeParse(payload);
	return answer.success
		? { inbound: [toInbound(deliveryId, answer.data)] }
		: { inbound: [], note: `The response looks like an answer but can't be used: ${problemOf(answer.error)}` };
};

const refusal = (message: string) =>
	new AdapterError("rejected", message, {
		remedy: 'Post JSON such as {"type":"answer","delivery_id":"…","text":"…"}; type is answer, working, input_required or declined.',
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
