import type { StoredMessage } from "./stored-message.ts";
import { type DiscordPost, nextId, person, signPost, world } from "./world.ts";

/** One press of a button, or one modal sent: as it is posted, and as the gateway tells it. */
export type Press = { id: string; token: string; payload: Record<string, unknown>; post: DiscordPost };

type Modal = { data: { custom_id: string; components: { component: { type: number; custom_id: string } }[] } };
/** `shown`: what stands in place of an answer that was put off. */
type Kept = { answer: unknown; shown: unknown; followUps: unknown[] };

/** The interactions of people with messages of ours, and what they were told in return. */
export const createPresses = () => {
	const kept = new Map<string, Kept | null>();
	let count = 0;
	const known = (token: string): Kept => {
		const found = kept.get(token);
		if (!found) throw new Error("This press was not answered.");
		return found;
	};
	const interact = (type: number, fields: Record<string, unknown>): Press => {
		const [id, token] = [nextId(), `interaction-token-${++count}`];
		kept.set(token, null);
		const payload = {
			...{ id, application_id: world.applicationId, type, token, version: 1, guild_id: world.guild, channel_id: world.channel },
			...{ member: { user: person, nick: null, roles: [], permissions: "0" }, ...fields },
		};
		return { id, token, payload, post: signPost(JSON.stringify(payload), new Date()) };
	};
	return {
		/** Whether Discord was answered, after which it takes follow-ups. */
		isAnswered: (token: string): boolean => kept.get(token) !== null && kept.get(token) !== undefined,
		/** Null, or Discord's code for why it doesn't take the answer. */
		answer(token: string, answer: unknown): 10_062 | 40_060 | null {
			if (!kept.has(token)) return 10_062;
			if (kept.get(token)) return 40_060;
			kept.set(token, { answer, shown: null, followUps: [] });
			return null;
		},
		follow: (token: string, body: unknown): void => void known(token).followUps.push(body),
		/** Rewrites an answer that a message belongs to. */
		rewrite(token: string, body: unknown): void {
			const press = known(token);
			if (![4, 5].includes((press.answer as { type: number }).type)) throw new Error("This answer shows nothing to rewrite.");
			press.shown = body;
		},
		/** What the person was told, and what they were told later. */
		told: known,
		press(message: StoredMessage | undefined, action: string, { option, values }: { option?: string; values?: string[] } = {}): Press {
			const parts = message?.components.flatMap(({ components }) => components) ?? [];
			const part = parts.find(({ custom_id }) => custom_id?.startsWith(`ap:${action}:`) && custom_id.endsWith(option ?? ""));
			if (!part) throw new Error(`There is nothing to ${action}.`);
			const data = { custom_id: part.custom_id, component_type: part.type, ...(values && { values }) };
			return interact(3, { message, data });
		},
		/** Somebody fills in and sends the modal that a press opened. */
		submit(opened: Press, values: Record<string, string>): Press {
			const { data } = known(opened.token).answer as Modal;
			const components = data.components.map(({ component: { type, custom_id } }, id) => {
				const value = values[custom_id] ?? "";
				return { type: 18, id, component: { type, custom_id, id, ...(type === 3 ? { values: [value] } : { value }) } };
			});
			return interact(5, { message: opened.payload.message, data: { custom_id: data.custom_id, components } });
		},
		interact,
	};
};
