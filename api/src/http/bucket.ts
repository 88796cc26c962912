import ipaddr from "ipaddr.js";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { LimitExceededError } from "../errors.ts";

/** Whoever has one IPv6 address has all of its /64. */
export const sourceOf = (address: string): string => {
	if (!ipaddr.isValid(address)) return address;
	const parsed = ipaddr.process(address);
	return parsed instanceof ipaddr.IPv4 ? parsed.toString() : parsed.parts.slice(0, 4).join(":");
};

/** Counts by key; throws LimitExceededError with this message once there are more than `points` within `duration` seconds. Kept in memory. */
export const createBucket = (points: number, duration: number, message: string) => {
	const limiter = new RateLimiterMemory({ points, duration });
	return {
		count: async (key: string): Promise<void> => {
			try {
				await limiter.consume(key);
			} catch (refusal) {
				if (!(refusal instanceof RateLimiterRes)) throw refusal;
				throw new LimitExceededError(message, refusal.msBeforeNext);
			}
		},
		takeBack: (key: string) => limiter.reward(key),
		forget: (key: string) => limiter.delete(key),
	};
};
