/** What a button, select or modal of ours is for, and of which delivery; an `option` is what a press of it decides for. */
export type Pressed =
	| { action: "reply" | "answer" | "choose" | "comment" | "commented"; deliveryId: string }
	| { action: "decide"; deliveryId: string; option: string };

const pattern = /^ap:(?:(reply|answer|choose|comment|commented):([0-9a-f-]{36})|decide:([0-9a-f-]{36}):([a-z0-9_-]{1,40}))$/;

/** At most 91 of the 100 characters that Discord allows. */
export const customIdOf = (pressed: Pressed): string =>
	["ap", pressed.action, pressed.deliveryId, ...(pressed.action === "decide" ? [pressed.option] : [])].join(":");

/** Null for what is none of ours. */
export const readCustomId = (text: string): Pressed | null => {
	const [, action, deliveryId, decided, option] = pattern.exec(text) ?? [];
	if (decided !== undefined && option !== undefined) return { action: "decide", deliveryId: decided, option };
	if (action === undefined || deliveryId === undefined) return null;
	return { action: action as Exclude<Pressed["action"], "decide">, deliveryId };
};
