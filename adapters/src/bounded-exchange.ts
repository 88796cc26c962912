import type { GuardedFetch, GuardedResponse } from "@agentplanner/contracts";
import type { Dispatcher } from "undici";
import { abortError, FetchError, flatHeaders, toFetchError } from "./fetch-error.ts";

export type ExchangeLimits = { totalTimeoutMs: number; maxResponseBytes: number };

/**
 * One request and its response, bounded in time and bytes. Uses undici's `dispatch`, since only its handler tells the
 * moment at which the request is written. Once the head is there the answer counts, whatever happens to its body.
 */
export const boundedExchange = (
	dispatcher: Dispatcher,
	url: URL,
	init: Parameters<GuardedFetch>[1],
	limits: ExchangeLimits,
): Promise<GuardedResponse> =>
	new Promise((resolve, reject) => {
		let sent = false;
		let settled = false;
		let controller: Dispatcher.DispatchController | null = null;
		let head: Pick<GuardedResponse, "status" | "headers"> | null = null;
		const chunks: Buffer[] = [];
		let size = 0;

		const settle = (): boolean => {
			if (settled) return false;
			settled = true;
			clearTimeout(totalTimer);
			init.signal.removeEventListener("abort", onAbort);
			return true;
		};
		const finish = (truncated: boolean) => {
			if (head && settle()) resolve({ ...head, body: Buffer.concat(chunks, Math.min(size, limits.maxResponseBytes)), truncated });
		};
		const fail = (error: FetchError) => {
			if (head) finish(true);
			else if (settle()) reject(error);
		};
		const stop = (error: FetchError) => {
			fail(error);
			controller?.abort(error);
		};
		const onAbort = () => stop(abortError(init.signal, sent));
		const { totalTimeoutMs } = limits;
		const totalTimer = setTimeout(
			() => stop(new FetchError("timeout", `no answer within ${totalTimeoutMs / 1000} s`, { sent })),
			totalTimeoutMs,
		);

		if (init.signal.aborted) {
			onAbort();
			return;
		}
		init.signal.addEventListener("abort", onAbort, { once: true });

		const handler: Dispatcher.DispatchHandler = {
			onRequestStart(started) {
				controller = started;
				if (settled) started.abort(new FetchError("aborted", "the request was given up"));
				else sent = true;
			},
			onResponseStart(_controller, status, headers) {
				if (status < 200) return;
				head = { status, headers: flatHeaders(headers) };
			},
			onResponseData(responding, chunk) {
				if (settled) return;
				chunks.push(chunk);
				size += chunk.length;
				if (size <= limits.maxResponseBytes) return;
				finish(true);
				responding.abort(new FetchError("aborted", "the rest of the body is not wanted"));
			},
			onResponseEnd: () => finish(false),
			onResponseError: (_controller, error) => fail(toFetchError(error, sent)),
		};
		const { method, headers, body } = init;
		try {
			dispatcher.dispatch(
				{
					origin: url.origin,
					path: `${url.pathname}${url.search}`,
					method,
					headers: { ...headers, "accept-encoding": "identity" },
					body: body ?? null,
					// Undici's own timers are idle timers; the one above is a deadline.
					headersTimeout: 0,
					bodyTimeout: 0,
				},
				handler,
			);
		} catch (error) {
			fail(toFetchError(error, sent));
		}
	});
