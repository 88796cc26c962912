import { Webhook } from "standardwebhooks";
import type { Hit } from "./receiver.ts";

/** Whether the public library takes it as signed with that secret, by the bytes that came. */
export const isSignedWith = ({ body, headers }: Hit, secret: string): boolean => {
	try {
		new Webhook(secret).verify(body, headers as Record<string, string>);
		return true;
	} catch {
		return false;
	}
};
