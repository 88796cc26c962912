import { createBucket, sourceOf } from "./bucket.ts";

const readsPerMinute = 120;

/** Slows down whoever reads public links without end: a page reads what changed once a second at most, and a script needs no more. */
export type PublicLimiter = { count(address: string): Promise<void> };

export const createPublicLimiter = (): PublicLimiter => {
	const reads = createBucket(readsPerMinute, 60, "Too many reads of public links from your address. Wait a minute and try again.");
	return { count: (address) => reads.count(sourceOf(address)) };
};
