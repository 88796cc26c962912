import { makeWorkerUtils } from "graphile-worker";
import { enqueueApp } from "./enqueue-app.ts";
import { listenAsBaseline } from "./listen.ts";

const utils = await makeWorkerUtils({ connectionString: process.env.DATABASE_URL ?? "" });
await utils.migrate();
listenAsBaseline(
	enqueueApp((question) => utils.addJob("dispatch", { question })),
	async () => utils.release(),
);
