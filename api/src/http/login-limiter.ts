import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { LimitExceededError } from "../errors.ts";

const failuresPerAccount = 10;
const triesPerAddress = 100;
const windowSeconds = 15 * 60;

/**
 * Slows down guessing: one account's password from one address, and any accounts from one address. Kept in memory: a restart
 * forgives.
 */
export type LoginLimiter = {
	/** Runs one try; a failure that `isFailure` recognises counts, a success forgets. Throws LimitExceededError after too many. */
	attempt<T>(email: string, address: string, login: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T>;
	/** Runs one try of somebody whose account isn't known yet; any failure counts, a success forgets. Throws LimitExceededError after too many. */
	attemptFrom<T>(address: string, login: () => Promise<T>): Promise<T>;
	/** Counts one sign-up, whatever becomes of it. Throws LimitExceededError after too many. */
	countSignUp(address: string): Promise<void>;
};

const consume = (limiter: RateLimiterMemory, key: string, message: string) =>
	limiter.consume(key).catch((refusal: unknown) => {
		if (!(refusal instanceof RateLimiterRes)) throw refusal;
		throw new LimitExceededError(message, refusal.msBeforeNext);
	});

export const createLoginLimiter = (): LoginLimiter => {
	const failures = new RateLimiterMemory({ points: failuresPerAccount, duration: windowSeconds, keyPrefix: "account" });
	const tries = new RateLimiterMemory({ points: triesPerAddress, duration: windowSeconds, keyPrefix: "address" });
	const countTry = (address: string) =>
		consume(tries, address, "Too many sign-ups or failed sign-ins from your address. Wait a while and try again.");
	return {
		attempt: async (email, address, login, isFailure) => {
			const key = `${email.toLowerCase()} ${address}`;
			// Counted before the try, so that many tries at once don't all slip through.
			await countTry(address);
			await consume(failures, key, "Too many failed sign-ins with this e-mail address. Wait a while and try again.");
			try {
				const result = await login();
				await failures.delete(key);
				await tries.reward(address);
				return result;
			} catch (error) {
				if (!isFailure(error)) await Promise.all([failures.reward(key), tries.reward(address)]);
				throw error;
			}
		},
		attemptFrom: async (address, login) => {
			await countTry(address);
			const result = await login();
			await tries.reward(address);
			return result;
		},
		countSignUp: async (address) => {
			await countTry(address);
		},
	};
};
