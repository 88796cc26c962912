import type { Answer } from "../faulty-http.ts";
import { HookMessage } from "./shapes.ts";
import type { World } from "./workspace.ts";

export const hooksPath = "/commands/";
const mostUses = 5;

/** The address that came with a command: takes up to five messages. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export const answerHook = ({ hooks, whispers }: World, defects: string[], id: string, body: string): Answer => {
	const hook = hooks.get(id);
	if (!hook || hook.used >= mostUses) return { status: 404, body: { ok: false, error: "used_url" } };
	const message = HookMessage.safeParse(JSON.parse(body));
	if (!message.success) {
		defects.push(`answer to a command: ${message.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
		return { status: 400, body: { ok: false, error: "invalid_payload" } };
	}
	hook.used += 1;
	const { text, blocks } = message.data;
	whispers.push({ channel: hook.channel, user: hook.user, text, blocks });
	return { status: 200, body: { ok: true } };
};
