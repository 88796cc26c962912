import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * GitHub's side of signing in, as strict as GitHub: the four addresses, what each must be sent, and a code that is good once, for
 * the client, address and PKCE challenge that it was made for.
 */
export type Person = { id: number; login: string; name: string | null; emails: { email: string; primary: boolean; verified: boolean }[] };

const clientId = "Iv1.0123456789abcdef";
const clientSecret = "f00dfeedf00dfeedf00dfeedf00dfeedf00dfeed";

const readBody = async (request: IncomingMessage) => {
	let text = "";
	for await (const part of request) text += part;
	return new URLSearchParams(text);
};

const reply = (response: ServerResponse, status: number, body: unknown) =>
	response.writeHead(status, { "content-type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));

export const startGithub = async () => {
	const codes = new Map<string, { person: Person; challenge: string; redirectUri: string }>();
	const tokens = new Map<string, Person>();
	let redirectUri = "";
	let person: Person | null = null;
	/** What the next request to this path gets instead: a status and a text, or nothing at all. */
	const troubles = new Map<string, { status: number; body: string } | "hang up">();

	const authorize = (url: URL, response: ServerResponse) => {
		const asked = Object.fromEntries(url.searchParams);
		const isWhole =
			asked.client_id === clientId &&
			asked.response_type === "code" &&
			asked.redirect_uri === redirectUri &&
			asked.scope === "user:email" &&
			(asked.state ?? "").length >= 43 &&
			asked.code_challenge_method === "S256" &&
			/^[\w-]{43}$/.test(asked.code_challenge ?? "");
		if (!isWhole) return reply(response, 400, { asked });
		const back = new URL(redirectUri);
		back.searchParams.set("state", asked.state ?? "");
		if (person) {
			const code = randomBytes(10).toString("hex");
			codes.set(code, { person, challenge: asked.code_challenge ?? "", redirectUri });
			back.searchParams.set("code", code);
		} else {
			back.searchParams.set("error", "access_denied");
			back.searchParams.set("error_description", "The user has denied your application access.");
		}
		response.writeHead(302, { location: back.href }).end();
	};

	const giveToken = async (request: IncomingMessage, response: ServerResponse) => {
		const sent = Object.fromEntries(await readBody(request));
		if (request.headers.accept !== "application/json") return reply(response, 406, {});
		if (sent.client_id !== clientId || sent.client_secret !== clientSecret)
			return reply(response, 200, {
				error: "incorrect_client_credentials",
				error_description: "The client_id and/or client_secret passed are incorrect.",
			});
		const made = codes.get(sent.code ?? "");
		codes.delete(sent.code ?? "");
		const challenge = createHash("sha256")
			.update(sent.code_verifier ?? "")
			.digest("base64url");
		if (!made || made.challenge !== challenge || made.redirectUri !== sent.redirect_uri || sent.grant_type !== "authorization_code")
			return reply(response, 200, { error: "bad_verification_code", error_description: "The code passed is incorrect or expired." });
		const token = `gho_${randomBytes(18).toString("hex")}`;
		tokens.set(token, made.person);
		reply(response, 200, { access_token: token, scope: "user:email", token_type: "bearer" });
	};

	const serve = async (request: IncomingMessage, response: ServerResponse) => {
		const url = new URL(request.url ?? "/", "http://github");
		const trouble = troubles.get(url.pathname);
		troubles.delete(url.pathname);
		if (trouble === "hang up") return request.socket.destroy();
		if (trouble) return reply(response, trouble.status, trouble.body);
		if (request.method === "GET" && url.pathname === "/login/oauth/authorize") return authorize(url, response);
		if (request.method === "POST" && url.pathname === "/login/oauth/access_token") return giveToken(request, response);
		// As GitHub does, it refuses whoever doesn't say what they are.
		const known = request.headers["user-agent"] ? tokens.get(request.headers.authorization?.replace(/^Bearer /, "") ?? "") : undefined;
		if (!known) return reply(response, 401, { message: "Bad credentials" });
		if (url.pathname === "/api/v3/user")
			return reply(response, 200, { id: known.id, login: known.login, name: known.name, email: "shown@example.org" });
		if (url.pathname === "/api/v3/user/emails")
			return reply(
				response,
				200,
				known.emails.map((email) => ({ ...email, visibility: null })),
			);
		reply(response, 404, {});
	};

	const server = createServer((request, response) => void serve(request, response));
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		env: { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_URL: url },
		/** The callback address that is entered at GitHub. */
		register: (address: string) => {
			redirectUri = address;
		},
		/** Who sits in front of the browser; null: somebody who presses Cancel. */
		signIn: (next: Person | null) => {
			person = next;
		},
		trouble: (path: string, what: { status: number; body: string } | "hang up") => troubles.set(path, what),
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};
