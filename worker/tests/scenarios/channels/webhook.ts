import { randomUUID } from "node:crypto";
import type { RespondInput } from "@agentplanner/contracts";
import { expect } from "vitest";
import { openReceiver } from "../../harness.ts";
import { lacks, type OpenChannel, type Sent } from "../channel.ts";

/** An agent behind a URL, which takes its time and answers at the reply URL. */
export const open: OpenChannel = async () => {
	let broken = false;
	const receiver = await openReceiver(() => (broken ? "cut" : { status: 202 }));
	const heard = ({ deliveryId }: Sent) => receiver.hits.filter(({ body }) => body.data.delivery_id === deliveryId);
	const say = async (sent: Sent, said: RespondInput) => {
		const { reply_url: url, reply_token: token } = heard(sent)[0]?.body.data ?? {};
		const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
		const body = JSON.stringify({ id: randomUUID(), ...said });
		const post = () => fetch(String(url), { method: "POST", headers, body });
		for (const { status } of await Promise.all([post(), post()])) expect(status).toBe(202);
	};
	const reply = (sent: Sent, text: string) => say(sent, { type: "answer", text });
	return {
		settings: { url: receiver.url },
		secrets: {},
		address: "",
		person: "",
		reply,
		form: lacks("A program presses nothing."),
		speakUp: reply,
		askBack: (sent, text) => say(sent, { type: "input_required", text }),
		press: lacks("A program decides nothing."),
		shown: lacks("What was posted can't be rewritten."),
		stopped: (sent) => heard(sent).some(({ body }) => ["agent.request.closed", "agent.request.superseded"].includes(body.type)),
		told: lacks("Its answer to the reply URL is all that it is told."),
		wire: {
			break: () => {
				broken = true;
				return () => {
					broken = false;
				};
			},
			// Receivers drop what bears an id that they know.
			copies: (question) =>
				new Set(receiver.hits.filter(({ body }) => body.data.question === question).map(({ headers }) => headers["webhook-id"])).size,
		},
		close: receiver.close,
	};
};
