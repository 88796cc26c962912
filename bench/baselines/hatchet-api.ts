import { enqueueApp } from "./enqueue-app.ts";
import { asked, connectHatchet } from "./hatchet-client.ts";
import { listenAsBaseline } from "./listen.ts";

const { events } = connectHatchet();
listenAsBaseline(
	enqueueApp((question) => events.push(asked, { question })),
	async () => {},
);
