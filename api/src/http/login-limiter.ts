import { createBucket, sourceOf } from "./bucket.ts";

const failuresFromOneSource = 10;
const failuresFromAnywhere = 100;
const triesPerSource = 100;
const windowSeconds = 15 * 60;
const slowWindowSeconds = 60 * 60;

type IsFailure = (error: unknown) => boolean;

/**
 * Slows down guessing: one account's password from one source, the same from anywhere, and any accounts from one source. A source
 * is an address, or a /64 of IPv6. Kept in memory: a restart forgives.
 */
export type LoginLimiter = {
	/** Runs one try; a failure that `isFailure` recognises counts, a success forgets. Throws LimitExceededError after too many. */
	attempt<T>(email: string, address: string, login: () => Promise<T>, isFailure: IsFailure): Promise<T>;
	/**
	 * The same for a try of somebody whom a platform is to vouch for. Counted by itself, since pages of other sites can send a browser
	 * there, and must not keep anybody from signing in by password.
	 */
	attemptElsewhere<T>(address: string, login: () => Promise<T>, isFailure: IsFailure): Promise<T>;
	/** Counts one sign-up, whatever becomes of it. Throws LimitExceededError after too many. */
	countSignUp(address: string): Promise<void>;
};

export const createLoginLimiter = (): LoginLimiter => {
	const tooManyHere = "Too many failed sign-ins with this e-mail address. Wait a while and try again.";
	const tooManyAnywhere = "Too many failed sign-ins with this e-mail address, from several places. Wait up to an hour and try again.";
	const tooManyTries = "Too many sign-ups or failed sign-ins from your address. Wait a while and try again.";
	const here = createBucket(failuresFromOneSource, windowSeconds, tooManyHere);
	const anywhere = createBucket(failuresFromAnywhere, slowWindowSeconds, tooManyAnywhere);
	const tries = createBucket(triesPerSource, windowSeconds, tooManyTries);
	const elsewhere = createBucket(triesPerSource, windowSeconds, tooManyTries);
	return {
		attempt: async (email, address, login, isFailure) => {
			const [account, source] = [email.toLowerCase(), sourceOf(address)];
			const pair = `${account} ${source}`;
			// Counted before the try, so that many tries at once don't all slip through.
			await tries.count(source);
			await here.count(pair);
			await anywhere.count(account);
			try {
				const result = await login();
				await Promise.all([here.forget(pair), anywhere.takeBack(account), tries.takeBack(source)]);
				return result;
			} catch (error) {
				if (!isFailure(error)) await Promise.all([here.takeBack(pair), anywhere.takeBack(account), tries.takeBack(source)]);
				throw error;
			}
		},
		attemptElsewhere: async (address, login, isFailure) => {
			const source = sourceOf(address);
			await elsewhere.count(source);
			try {
				const result = await login();
				await elsewhere.takeBack(source);
				return result;
			} catch (error) {
				if (!isFailure(error)) await elsewhere.takeBack(source);
				throw error;
			}
		},
		countSignUp: (address) => tries.count(sourceOf(address)),
	};
};
