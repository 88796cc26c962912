import type { IncomingMessage } from "node:http";
import helmet from "helmet";
import type { Middleware } from "./request-state.ts";

const plainHost = /^[\w.:[\]-]{1,255}$/;

/** Safari before 15.4 doesn't count a WebSocket of the page's own origin as 'self'. */
const socketOrigins = (publicHost: string) => (request: IncomingMessage) => {
	const { host } = request.headers;
	const hosts = new Set([publicHost, ...(host !== undefined && plainHost.test(host) ? [host] : [])]);
	return [...hosts].flatMap((name) => [`ws://${name}`, `wss://${name}`]).join(" ");
};

export const securityHeaders = (publicUrl: string): Middleware => {
	const { protocol, host } = new URL(publicUrl);
	const isHttps = protocol === "https:";
	return helmet({
		contentSecurityPolicy: {
			useDefaults: false,
			directives: {
				defaultSrc: ["'none'"],
				scriptSrc: ["'self'"],
				// Mantine writes styles into the page.
				styleSrc: ["'self'", "'unsafe-inline'"],
				imgSrc: ["'self'", "data:", "blob:"],
				fontSrc: ["'self'", "data:"],
				connectSrc: ["'self'", socketOrigins(host)],
				manifestSrc: ["'self'"],
				workerSrc: ["'self'"],
				baseUri: ["'none'"],
				formAction: ["'self'"],
				frameAncestors: ["'none'"],
				// Over plain http it would blank the page: the browser would look for everything at https.
				...(isHttps ? { upgradeInsecureRequests: [] } : {}),
			},
		},
		strictTransportSecurity: isHttps,
		// Over plain http browsers ignore it and complain about it on the console.
		crossOriginOpenerPolicy: isHttps,
		originAgentCluster: isHttps,
	});
};
