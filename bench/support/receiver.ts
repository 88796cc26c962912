import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const patienceMs = 120_000;
const marker = /bench-(\d+)-hit/;

export type Receiver = {
	url: string;
	/** The body of the last hit. */
	lastBody(): string;
	/** A question that no other has; its hit is known by it. */
	nextQuestion(): { question: string; hit: Promise<number> };
	[Symbol.asyncDispose](): Promise<void>;
};

/** The question of a message, made to be that of another one. */
export const withQuestion = (message: string, question: string): string => message.replaceAll(new RegExp(marker, "g"), question);

/** An agent that notes when each question's first hit came, and answers it there and then if it shall. */
export const startReceiver = async ({ answers = false } = {}): Promise<Receiver> => {
	const waiting = new Map<string, (at: number) => void>();
	const reply = JSON.stringify(answers ? { type: "answer", text: "Done." } : {});
	let last = "";
	let asked = 0;
	const server = createServer((request, response) => {
		const receive = async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const body = Buffer.concat(chunks).toString();
			// Not the first one in the text: a message also tells what was asked before.
			const { data } = JSON.parse(body) as { data: { question?: string } };
			const number = marker.exec(data.question ?? "")?.[1];
			response.writeHead(200, { "content-type": "application/json" }).end(reply);
			if (number === undefined) return;
			waiting.get(number)?.(performance.now());
			waiting.delete(number);
			last = body;
		};
		receive().catch(() => response.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		lastBody: () => last,
		nextQuestion: () => {
			asked += 1;
			const number = String(asked);
			const hit = new Promise<number>((resolve, reject) => {
				const late = setTimeout(() => reject(new Error(`Question ${number} did not arrive within ${patienceMs / 1000} s.`)), patienceMs);
				waiting.set(number, (at) => {
					clearTimeout(late);
					resolve(at);
				});
			});
			// Whoever asked looks at it later.
			hit.catch(() => {});
			return { question: `bench-${number}-hit`, hit };
		},
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
