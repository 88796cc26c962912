import { randomUUID } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { DomainError } from "@agentplanner/core";
import { toErrorReply } from "../errors.ts";

const noHttp = new DomainError("invalid_input", "This is no HTTP/1.1 request that can be read. Check the client, and proxies between.");
const largeHeaders = new DomainError(
	"payload_too_large",
	"The headers are larger than 16 KiB. Send fewer or shorter ones, such as cookies.",
);
const tooSlow = new DomainError("invalid_input", "The request didn't come to its end in time. Send it again.");
const badAddress = new DomainError("invalid_input", "The address of the request can't be read. Check it for stray characters.");

const byCode: Record<string, [status: number, error: DomainError]> = {
	HPE_HEADER_OVERFLOW: [431, largeHeaders],
	ERR_HTTP_REQUEST_TIMEOUT: [408, tooSlow],
};

/** The head and body of an answer to what never became a request. */
const answer = (status: number, error: DomainError) => {
	const requestId = randomUUID();
	const { problem } = toErrorReply(error, requestId);
	const body = JSON.stringify({ ...problem, status, title: STATUS_CODES[status] ?? problem.title });
	const headers = {
		"X-Request-Id": requestId,
		"Content-Type": "application/problem+json",
		"Cache-Control": "no-store",
		"Content-Length": String(Buffer.byteLength(body)),
	};
	return { headers, body };
};

/** For what Express can't route at all, such as `GET http://[`. */
export const refuseUnroutable = (response: ServerResponse): void => {
	const { headers, body } = answer(400, badAddress);
	response.writeHead(400, headers).end(body);
};

/** Problems instead of Node's bare answers for what its parser refuses. */
export const explainClientErrors = (server: Server): void => {
	const current = new WeakMap<Duplex, ServerResponse>();
	server.on("request", (request: IncomingMessage, response: ServerResponse) => current.set(request.socket, response));
	server.on("clientError", (error: Error & { code?: string }, stream) => {
		const under = current.get(stream);
		const isAnswering = under?.headersSent === true && !under.writableFinished;
		if (!stream.writable || isAnswering || error.code === "ECONNRESET") {
			stream.destroy();
			return;
		}
		const [status, problem] = byCode[error.code ?? ""] ?? [400, noHttp];
		const { headers, body } = answer(status, problem);
		const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}`);
		stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
	});
};
