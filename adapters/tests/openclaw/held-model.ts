import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

type Part = { text?: string };
type Completion = { stream?: boolean; messages: { role: string; content: string | Part[] }[] };

/** All that the model is told, but for its instructions. */
const wordsOf = ({ messages }: Completion): string =>
	messages
		.filter(({ role }) => role === "user")
		.flatMap(({ content }) => (typeof content === "string" ? content : content.map(({ text = "" }) => text)))
		.join("\n");

/** https://platform.openai.com/docs/api-reference/chat */
const complete = (response: ServerResponse, text: string, inParts = false): void => {
	const about = { id: "completion", created: Math.floor(Date.now() / 1_000), model: "held" };
	if (!inParts) {
		const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ...about, object: "chat.completion", choices }));
		return;
	}
	const partOf = (delta: object, finish_reason: string | null) =>
		`data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
	response.writeHead(200, { "content-type": "text/event-stream" });
	response.end(`${partOf({ role: "assistant", content: text }, null)}${partOf({}, "stop")}data: [DONE]\n\n`);
};

/** A model on 127.0.0.1 with OpenAI's API, which says nothing until it is told what to say. */
export const startHeldModel = async (port: number) => {
	const asked: string[] = [];
	const held = new Set<{ words: string; say: (text: string) => void }>();
	const server = createServer(async (request, response) => {
		const completion = (await json(request)) as Completion;
		const thought = { words: wordsOf(completion), say: (text: string) => complete(response, text, completion.stream) };
		asked.push(thought.words);
		held.add(thought);
		response.on("close", () => held.delete(thought));
	});
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return {
		/** What it was asked, one entry for each time. */
		asked,
		/** Waits until it is asked this, and answers. */
		async say(prompt: string, text: string, signal: AbortSignal): Promise<void> {
			for (;;) {
				const thought = [...held].find(({ words }) => words.includes(prompt));
				if (thought) return thought.say(text);
				await sleep(25, undefined, { signal });
			}
		},
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
};
