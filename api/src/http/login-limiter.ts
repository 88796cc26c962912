import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { LimitExceededError } from "../errors.ts";

const failuresAllowed = 10;
const windowSeconds = 15 * 60;

/** Slows down guessing one account's password from one address. Kept in memory: a restart forgives. */
export type LoginLimiter = {
	/** Runs one try; a failure that `isFailure` recognises counts, a success forgets. Throws LimitExceededError after too many. */
	attempt<T>(email: string, address: string, login: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T>;
};

export const createLoginLimiter = (): LoginLimiter => {
	const failures = new RateLimiterMemory({ points: failuresAllowed, duration: windowSeconds });
	return {
		attempt: async (email, address, login, isFailure) => {
			const key = `${email.toLowerCase()} ${address}`;
			// Counted before the try, so that many tries at once don't all slip through.
			await failures.consume(key).catch((refusal: unknown) => {
				if (!(refusal instanceof RateLimiterRes)) throw refusal;
				throw new LimitExceededError(
					"Too many failed sign-ins with this e-mail address. Wait a while and try again.",
					refusal.msBeforeNext,
				);
			});
			try {
				const result = await login();
				await failures.delete(key);
				return result;
			} catch (error) {
				if (!isFailure(error)) await failures.reward(key);
				throw error;
			}
		},
	};
};
