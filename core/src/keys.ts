import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	createSecretKey,
	hkdfSync,
	type KeyObject,
	randomBytes,
	timingSafeEqual,
} from "node:crypto";

/** Everything that is made from the installation's ENCRYPTION_KEY. */
export type Keys = {
	/** AES-256-GCM; `boundTo` (a row's id) must be the same when opening, so that a sealed value can't be moved to another row. */
	seal(plaintext: string, boundTo: string): Buffer;
	/** Throws when the key or `boundTo` is another one. */
	open(sealed: Buffer, boundTo: string): string;
	/** Proof that we made `text` for `purpose`; base64url. */
	mac(purpose: string, text: string): string;
	/** 32 bytes for what signs by itself. */
	secret(purpose: string): Uint8Array;
};

const ivBytes = 12;
const tagBytes = 16;
const formatVersion = 1;

/** `encryptionKey`: 32 bytes as base64. */
export const createKeys = (encryptionKey: string): Keys => {
	const secret = Buffer.from(encryptionKey, "base64");
	if (secret.length !== 32) throw new Error("ENCRYPTION_KEY must be 32 bytes as base64. Make one with: openssl rand -base64 32");
	const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `agentplanner:${purpose}`, 32));
	// Key objects, since Node takes several times as long with a key's bytes.
	const sealing = createSecretKey(derive("seal"));
	const macs = new Map<string, KeyObject>();

	return {
		seal: (plaintext, boundTo) => {
			const iv = randomBytes(ivBytes);
			const cipher = createCipheriv("aes-256-gcm", sealing, iv).setAAD(Buffer.from(boundTo));
			const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
			return Buffer.concat([Buffer.from([formatVersion]), iv, cipher.getAuthTag(), body]);
		},
		open: (sealed, boundTo) => {
			if (sealed[0] !== formatVersion) throw new Error("Sealed by a newer version of AgentPlanner.");
			const iv = sealed.subarray(1, 1 + ivBytes);
			const tag = sealed.subarray(1 + ivBytes, 1 + ivBytes + tagBytes);
			const decipher = createDecipheriv("aes-256-gcm", sealing, iv, { authTagLength: tagBytes })
				.setAAD(Buffer.from(boundTo))
				.setAuthTag(tag);
			return Buffer.concat([decipher.update(sealed.subarray(1 + ivBytes + tagBytes)), decipher.final()]).toString("utf8");
		},
		secret: (purpose) => derive(`secret:${purpose}`),
		mac: (purpose, text) => {
			const key = macs.get(purpose) ?? createSecretKey(derive(`mac:${purpose}`));
			macs.set(purpose, key);
			return createHmac("sha256", key).update(text).digest("base64url");
		},
	};
};

/** Constant time for equal lengths. */
export const safeEqual = (one: string, other: string): boolean => {
	const a = Buffer.from(one);
	const b = Buffer.from(other);
	return a.length === b.length && timingSafeEqual(a, b);
};
