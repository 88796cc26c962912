import { join } from "node:path";
import { DomainError } from "@agentplanner/core";
import express from "express";
import type { Middleware } from "./request-state.ts";

const wantsPage = (path: string) => !/\.[a-z0-9]{1,8}$/i.test(path);

/** Files of the built frontend; every other page address gets the app's page, which knows its own routes. */
export const serveFrontend = (folder: string): Middleware[] => {
	const files = express.static(folder, {
		index: false,
		redirect: false,
		setHeaders: (response, path) => {
			// Vite puts a hash of the content into the names under assets/, so a name never gets another content.
			const immutable = path.startsWith(join(folder, "assets"));
			response.setHeader("Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache");
		},
	});
	const page: Middleware = (request, response, next) => {
		const isRead = request.method === "GET" || request.method === "HEAD";
		if (!isRead || !wantsPage(request.path) || !request.accepts("html")) return next();
		response.sendFile("index.html", { root: folder, headers: { "Cache-Control": "no-cache" } }, (error?: Error & { code?: string }) => {
			if (!error) return;
			// The browser went away; there is nobody to tell.
			if (response.headersSent) return;
			next(
				error.code === "ENOENT"
					? new DomainError("not_found", "The frontend is not built. Run npm run build and start again; the API is at /api/v1.")
					: error,
			);
		});
	};
	return [files as Middleware, page];
};
