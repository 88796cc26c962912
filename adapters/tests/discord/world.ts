import { createPrivateKey, sign } from "node:crypto";

/** A key that is nobody's: its seed is 32 times 0x07. */
const privateKey = createPrivateKey({
	key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
	format: "der",
	type: "pkcs8",
});

export const world = {
	applicationId: "1160000000000000001",
	/** As older applications have it, the bot's id is another one. */
	botId: "1160000000000000002",
	guild: "1160000000000000010",
	botRole: "1160000000000000011",
	channel: "1160000000000000020",
	/** With the one person there is. */
	conversation: "1160000000000000029",
	token: "MTE2MDAwMDAwMDAwMDAwMDAwMQ.GabcDe.aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hI",
	/** Another bot in the server, such as an AI agent. */
	agent: { id: "1160000000000000003", token: "MTE2MDAwMDAwMDAwMDAwMDAwMw.GabcDe.zB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hI" },
	publicKey: "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c",
};

export const person = { id: "1160000000000000030", username: "ada", global_name: "Ada L.", discriminator: "0", avatar: null };

/** What Discord posts to us, ready to be sent or given to the adapter. */
export type DiscordPost = { headers: Record<string, string>; body: string };

/** Signs a body as Discord does. */
export const signPost = (body: string, at: Date): DiscordPost => {
	const timestamp = String(Math.floor(at.getTime() / 1000));
	return {
		body,
		headers: {
			"content-type": "application/json",
			"x-signature-timestamp": timestamp,
			"x-signature-ed25519": sign(null, Buffer.from(timestamp + body), privateKey).toString("hex"),
		},
	};
};

const epochMs = 1_420_070_400_000;
let last = 0n;

/** A fresh id of this moment, as Discord makes them: later ones are greater. */
export const nextId = (): string => {
	const first = BigInt(Date.now() - epochMs) << 22n;
	last = first > last ? first : last + 1n;
	return String(last);
};
