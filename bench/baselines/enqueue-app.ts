import express, { type Express } from "express";

/** Takes a question by HTTP and hands it to the engine, nothing else. */
export const enqueueApp = (enqueue: (question: string) => Promise<unknown>): Express => {
	const app = express();
	app.use(express.json());
	app.post("/requests", async (request, response) => {
		const { question } = request.body as { question: string };
		await enqueue(question);
		response.status(202).json({ question });
	});
	return app;
};
