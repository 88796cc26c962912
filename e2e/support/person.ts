type Json = Record<string, unknown>;
export type Reply<Body = Json> = { status: number; body: Body };

/** Somebody signed in to the API over HTTP, as the pages are. */
export type Person = {
	projectId: string;
	/** What makes a call theirs: session cookie and CSRF token. */
	credentials: Record<string, string>;
	request<Body = Json>(method: string, path: string, body?: Json, headers?: Record<string, string>): Promise<Reply<Body>>;
	/** Throws unless the answer is a 2xx. */
	must<Body = Json>(method: string, path: string, body?: Json): Promise<Body>;
};

const timeoutMs = 15_000;

export const signIn = async (url: string, login: { email: string; password: string }): Promise<Person> => {
	const response = await fetch(`${url}/api/v1/auth/login`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(login),
		signal: AbortSignal.timeout(timeoutMs),
	});
	if (!response.ok) throw new Error(`Signing in was answered ${response.status}: ${await response.text()}`);
	const cookie = response.headers
		.getSetCookie()
		.map((line) => line.split(";")[0])
		.join("; ");
	const session = (await response.json()) as { csrf_token: string; projects: { id: string }[] };

	const credentials = { cookie, "x-csrf-token": session.csrf_token };

	const request = async <Body>(method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Reply<Body>> => {
		const answer = await fetch(`${url}/api/v1${path}`, {
			method,
			headers: {
				...credentials,
				...(body === undefined ? {} : { "content-type": "application/json" }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(timeoutMs),
		});
		const text = await answer.text();
		return { status: answer.status, body: (text === "" ? {} : JSON.parse(text)) as Body };
	};
	return {
		projectId: session.projects[0]?.id ?? "",
		credentials,
		request,
		must: async <Body>(method: string, path: string, body?: Json) => {
			const answer = await request<Body>(method, path, body);
			if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
			return answer.body;
		},
	};
};
