import { createHash, createPublicKey, verify } from "node:crypto";
import { z } from "zod";

/** What the gateway takes, strictly: a field that it doesn't know is refused there, too. */
export const params = {
	connect: z.strictObject({
		minProtocol: z.int(),
		maxProtocol: z.int(),
		client: z.strictObject({ id: z.literal("gateway-client"), mode: z.literal("backend"), version: z.string(), platform: z.string() }),
		role: z.literal("operator"),
		scopes: z.array(z.string()),
		caps: z.array(z.string()),
		auth: z.strictObject({ token: z.string() }),
		device: z.strictObject({ id: z.string(), publicKey: z.string(), signature: z.string(), signedAt: z.int(), nonce: z.string() }),
	}),
	"agents.list": z.strictObject({}),
	"chat.history": z.strictObject({ sessionKey: z.string(), limit: z.int().max(1_000) }),
	"chat.message.get": z.strictObject({ sessionKey: z.string(), messageId: z.string(), maxChars: z.int() }),
	agent: z.strictObject({
		message: z.string().min(1),
		agentId: z.string(),
		sessionKey: z.string(),
		idempotencyKey: z.string(),
		deliver: z.literal(false),
	}),
	"agent.wait": z.strictObject({ runId: z.string(), timeoutMs: z.int().min(0).max(25_000) }),
	"sessions.abort": z.strictObject({ key: z.string(), runId: z.string() }),
};

export type Params<Method extends keyof typeof params> = z.infer<(typeof params)[Method]>;

type Connect = Params<"connect">;

/** Why the gateway doesn't believe a device; null where it does. */
export const proofProblem = ({ device, client, role, scopes, auth }: Connect, nonce: string): string | null => {
	const key = Buffer.from(device.publicKey, "base64url");
	if (createHash("sha256").update(key).digest("hex") !== device.id) return "DEVICE_AUTH_DEVICE_ID_MISMATCH";
	if (device.nonce !== nonce) return "DEVICE_AUTH_NONCE_MISMATCH";
	if (Math.abs(Date.now() - device.signedAt) > 60_000) return "DEVICE_AUTH_SIGNATURE_EXPIRED";
	const claim = ["v3", device.id, client.id, client.mode, role, scopes.join(","), device.signedAt, auth.token, nonce, client.platform, ""];
	const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: device.publicKey }, format: "jwk" });
	const signature = Buffer.from(device.signature, "base64url");
	return verify(null, Buffer.from(claim.join("|")), publicKey, signature) ? null : "DEVICE_AUTH_SIGNATURE_INVALID";
};

/** An error as the gateway writes it. */
export type Refused = {
	code: string;
	message: string;
	retryable?: boolean;
	retryAfterMs?: number;
	details?: Record<string, unknown>;
};

export const refused = (detail: string, code = "INVALID_REQUEST", more: Record<string, unknown> = {}): Refused => ({
	code,
	message: `refused: ${detail}`,
	details: { code: detail, ...more },
});
