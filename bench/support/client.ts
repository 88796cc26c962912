import { Pool } from "undici";

export type Client = {
	/** Throws unless the answer is 202. */
	post(path: string, body: object): Promise<void>;
	close(): Promise<void>;
};

/** Keeps `connections` connections open and has at most one call on each. */
export const openClient = (url: string, connections: number, headers: Record<string, string> = {}): Client => {
	const pool = new Pool(url, { connections, pipelining: 1, bodyTimeout: 30_000, headersTimeout: 30_000 });
	return {
		post: async (path, body) => {
			const response = await pool.request({
				method: "POST",
				path,
				headers: { ...headers, "content-type": "application/json" },
				body: JSON.stringify(body),
			});
			const text = await response.body.text();
			if (response.statusCode !== 202) throw new Error(`POST ${path} was answered ${response.statusCode}: ${text}`);
		},
		close: () => pool.destroy(),
	};
};
