import type { Express } from "express";

/** Serves on PORT, tells the parent when it does, and ends in order on SIGTERM. */
export const listenAsBaseline = (app: Express, close: () => Promise<unknown>): void => {
	const server = app.listen(Number(process.env.PORT), "127.0.0.1", (error) => {
		if (error) throw error;
		process.send?.({ type: "ready" });
	});
	process.once("SIGTERM", async () => {
		server.closeAllConnections();
		server.close();
		await close();
		process.exit(0);
	});
};
