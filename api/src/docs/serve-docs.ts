import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allowMethods } from "../http/allowed-methods.ts";
import type { Middleware } from "../http/request-state.ts";

const own = fileURLToPath(new URL(".", import.meta.url));
const swagger = dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json")));

const files: Record<string, string> = {
	"/": join(own, "docs.html"),
	"/docs.css": join(own, "docs.css"),
	"/docs.js": join(own, "docs.js"),
	"/swagger-ui.css": join(swagger, "swagger-ui.css"),
	"/swagger-ui-bundle.js": join(swagger, "swagger-ui-bundle.js"),
};

/** A page that shows the OpenAPI document to people, from our own origin alone and under the same policy as every other page. */
export const serveDocs = (): Middleware[] => {
	const send: Middleware = (request, response, next) => {
		const file = files[request.path];
		if (!file) return next();
		response.sendFile(file, { headers: { "Cache-Control": "no-cache" } }, (error?: Error) => {
			if (error && !response.headersSent) next(error);
		});
	};
	return [allowMethods("GET"), send];
};
