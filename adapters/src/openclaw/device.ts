import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const prefix = "ocdk_";

/** PKCS #8 of an Ed25519 key: a fixed head, then 32 secret bytes. */
const head = Buffer.from("302e020100300506032b657004220420", "hex");

/** A new identity: what a gateway approves is its public half. */
export const createDeviceKey = (): string => {
	const { privateKey } = generateKeyPairSync("ed25519");
	return prefix + privateKey.export({ format: "der", type: "pkcs8" }).subarray(head.length).toString("base64url");
};

export const deviceKeyProblem = (key: string): string | null =>
	/^ocdk_[A-Za-z0-9_-]{43}$/.test(key) ? null : "must be ocdk_ followed by 32 bytes in base64url; leave it out to have one made";

const privateKeyOf = (key: string): KeyObject =>
	createPrivateKey({ key: Buffer.concat([head, Buffer.from(key.slice(prefix.length), "base64url")]), format: "der", type: "pkcs8" });

export const client = { id: "gateway-client", mode: "backend", version: "0.1.0", platform: "node" } as const;
export const role = "operator";
/** Least privilege: asking, and reading what was said. */
export const scopes = ["operator.read", "operator.write"];

/** Proves to the gateway, for one connection, that we hold the key: https://docs.openclaw.ai/gateway/protocol/auth */
export const deviceProof = (key: string, { nonce, token, now }: { nonce: string; token: string; now: Date }) => {
	const privateKey = privateKeyOf(key);
	const publicKey = Buffer.from(String(createPublicKey(privateKey).export({ format: "jwk" }).x), "base64url");
	const id = createHash("sha256").update(publicKey).digest("hex");
	const signedAt = now.getTime();
	const deviceFamily = "";
	const claim = ["v3", id, client.id, client.mode, role, scopes.join(","), signedAt, token, nonce, client.platform, deviceFamily].join("|");
	return {
		...{ id, publicKey: publicKey.toString("base64url"), signedAt, nonce },
		signature: sign(null, Buffer.from(claim), privateKey).toString("base64url"),
	};
};
