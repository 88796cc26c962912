import { createHash, randomBytes } from "node:crypto";

/** 256 random bits, so a plain hash is enough to keep it. */
export const createSecret = (): string => randomBytes(32).toString("base64url");

export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
