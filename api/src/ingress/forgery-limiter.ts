import { RateLimiterMemory } from "rate-limiter-flexible";
import { LimitExceededError } from "../errors.ts";

const allowedPerMinute = 60;

/** Slows down guessing signatures: counts refused ones alone, so that no burst of a platform is ever turned away. */
export type ForgeryLimiter = {
	refuseMany(integrationId: string, address: string): Promise<void>;
	count(integrationId: string, address: string): Promise<void>;
};

export const createForgeryLimiter = (): ForgeryLimiter => {
	const refused = new RateLimiterMemory({ points: allowedPerMinute, duration: 60 });
	const keyOf = (integrationId: string, address: string) => `${integrationId} ${address}`;
	return {
		refuseMany: async (integrationId, address) => {
			const state = await refused.get(keyOf(integrationId, address));
			if (state && state.consumedPoints >= allowedPerMinute)
				throw new LimitExceededError(
					"Too many requests with a wrong signature. Check the signing secret and wait a minute.",
					state.msBeforeNext,
				);
		},
		count: async (integrationId, address) => {
			await refused.penalty(keyOf(integrationId, address));
		},
	};
};
