/** The smallest useful agent: a web server that verifies each request's signature and answers with what it was asked. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

type Answer = { type: "answer" | "working" | "input_required" | "declined"; text: string };
type Asked = { question: string; context: { node: { title: string } }; reply_url: string; reply_token: string };
type Message =
	| { type: "agent.request.created"; data: Asked }
	| { type: "agent.request.replied"; data: { in_reply_to: string; text: string } }
	| { type: "ping" | "agent.request.superseded" | "agent.request.closed" };

const { PORT = "4100", SIGNING_SECRET = "" } = process.env;
const key = Buffer.from(SIGNING_SECRET.replace("whsec_", ""), "base64");
if (key.length === 0) throw new Error("Set SIGNING_SECRET to the signing secret of the webhook integration (whsec_…).");

/** The Standard Webhooks check: HMAC over id, time and the exact bytes of the body, not older than five minutes. */
const isGenuine = ({ headers }: IncomingMessage, body: Buffer): boolean => {
	const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures } = headers;
	if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false;
	const expected = createHmac("sha256", key).update(`${id}.${time}.`).update(body).digest();
	return String(signatures)
		.split(" ")
		.map((signature) => Buffer.from(signature.replace("v1,", ""), "base64"))
		.some((given) => given.length === expected.length && timingSafeEqual(given, expected));
};

const echo = ({ question, context }: Asked): string =>
	`You asked about **${context.node.title}**:\n\n> ${question.replaceAll("\n", "\n> ")}`;

/** Takes its time, then answers at the request's own address; the token works for this one request. */
const answerLater = async (asked: Asked, id: string): Promise<void> => {
	await new Promise((done) => setTimeout(done, 2_000));
	const response = await fetch(asked.reply_url, {
		method: "POST",
		headers: { "content-type": "application/json", authorization: `Bearer ${asked.reply_token}` },
		body: JSON.stringify({ type: "answer", text: echo(asked), id }),
	});
	if (!response.ok) throw new Error(`${asked.reply_url} answered ${response.status}`);
};

/** Put your own thinking here. Whatever is returned becomes the HTTP response; null means "thanks, nothing to say". */
const answerTo = (message: Message, id: string): Answer | null => {
	if (message.type === "agent.request.replied")
		return { type: "answer", text: `I asked: ${message.data.in_reply_to}\n\nYou said: **${message.data.text}**` };
	if (message.type !== "agent.request.created") return null;
	const { question } = message.data;
	if (/^later\b/i.test(question)) {
		answerLater(message.data, id).catch((error) => console.error("The later answer was not taken:", error.message));
		return { type: "working", text: "Give me two seconds." };
	}
	if (/^ask\b/i.test(question)) return { type: "input_required", text: "What exactly do you want to know?" };
	if (/^no\b/i.test(question)) return { type: "declined", text: "I would rather not." };
	return { type: "answer", text: echo(message.data) };
};

/** What was said to which message: a message may come twice, and must be answered the same and worked on once. */
const said = new Map<string, Answer>();

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	const body = Buffer.concat(chunks);
	if (!isGenuine(request, body)) {
		response.writeHead(401).end("The signature is not right.");
		return;
	}
	const id = String(request.headers["webhook-id"]);
	const answer = said.get(id) ?? answerTo(JSON.parse(body.toString()), id);
	if (answer) said.set(id, answer);
	for (const oldest of [...said.keys()].slice(0, -1_000)) said.delete(oldest);
	if (answer) response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
	else response.writeHead(204).end();
};

const server = createServer((request, response) => {
	handle(request, response).catch(() => response.destroy());
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`Echo agent listens on http://127.0.0.1:${PORT}`));
