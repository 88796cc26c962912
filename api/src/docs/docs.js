// Runs in the browser, as it stands.

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

/** The page's own session, if there is one, so that "Try it out" can also change something. */
const readCsrfToken = async () => {
	const response = await fetch("/api/v1/auth/session");
	return response.ok ? (await response.json()).csrf_token : null;
};

const safeMethods = ["GET", "HEAD", "OPTIONS"];

const withCsrfToken = async (request) => {
	if (safeMethods.includes(request.method.toUpperCase()) || request.headers.authorization || request.headers["x-api-key"]) return request;
	const token = await readCsrfToken();
	if (token) request.headers["x-csrf-token"] = token;
	return request;
};

/** The document names the public address; from this page its own is meant. */
const fromHere = async () => {
	const openapi = await (await fetch("/api/openapi.json")).json();
	return { ...openapi, servers: [{ url: `${location.origin}/api/v1` }] };
};

window.SwaggerUIBundle({
	spec: await fromHere(),
	domNode: document.getElementById("reference"),
	deepLinking: true,
	docExpansion: "list",
	defaultModelsExpandDepth: 0,
	defaultModelExpandDepth: 2,
	displayRequestDuration: true,
	filter: true,
	operationsSorter: "alpha",
	showCommonExtensions: true,
	validatorUrl: null,
	requestInterceptor: withCsrfToken,
});
