import { type Lines, write } from "./line.ts";

export const messages: Lines<"messages"> = {
	sendMessage: write("editor", "messages:send", ({ integrationId }) => ({
		body: { to: { integration_id: integrationId }, text: "The fair is on Friday." },
	})),
};
