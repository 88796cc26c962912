import { withQuestion } from "../support/receiver.ts";

const { MESSAGE = "", RECEIVER_URL = "" } = process.env;

/** Sends the same message as the product's webhook would, with this question in it. */
export const postMessage = async (question: string): Promise<void> => {
	const response = await fetch(RECEIVER_URL, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: withQuestion(MESSAGE, question),
	});
	await response.text();
	if (!response.ok) throw new Error(`The receiver answered ${response.status}.`);
};
