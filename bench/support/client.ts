import { Pool } from "undici";

/** An answer with another status than expected. */
export class RefusedError extends Error {
	readonly status: number;
	constructor(message: string, status: number) {
		super(message);
		this.status = status;
	}
}

export type Client = {
	/** Throws RefusedError unless the answer is a 2xx. Answers with its text. */
	call(method: "GET" | "POST", path: string, body?: object): Promise<string>;
	/** Throws RefusedError unless the answer is 202. */
	post(path: string, body: object): Promise<void>;
	close(): Promise<void>;
};

/** Keeps `connections` connections open and has at most one call on each. */
export const openClient = (url: string, connections: number, headers: Record<string, string> = {}): Client => {
	const pool = new Pool(url, { connections, pipelining: 1, bodyTimeout: 30_000, headersTimeout: 30_000 });
	const request = async (method: "GET" | "POST", path: string, body: object | undefined, isExpected: (status: number) => boolean) => {
		const response = await pool.request({
			method,
			path,
			headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.body.text();
		if (!isExpected(response.statusCode))
			throw new RefusedError(`${method} ${path} was answered ${response.statusCode}: ${text}`, response.statusCode);
		return text;
	};
	return {
		call: (method, path, body) => request(method, path, body, (status) => status >= 200 && status < 300),
		post: async (path, body) => {
			await request("POST", path, body, (status) => status === 202);
		},
		close: () => pool.destroy(),
	};
};
