import { z } from "zod";

/** Waits in seconds after the 1st, 2nd, … failure, where a policy names none: about three days in all. */
export const defaultSchedule = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** How fast, and how patiently, an integration is sent to. */
export const DeliveryPolicy = z.strictObject({
	max_in_flight: z
		.int()
		.min(1)
		.max(50)
		.describe("Most messages that one worker is sending there at once; what is over it waits its turn, and costs no attempt"),
	per_second: z
		.number()
		.min(0.1)
		.max(100)
		.nullable()
		.describe("Most attempts begun there in a second, over all workers; null: as many as come"),
	schedule: z
		.array(z.int().min(1).max(86_400))
		.min(1)
		.max(20)
		.nullable()
		.describe("Seconds to wait after the 1st, 2nd, … failed attempt, before it gives up; null: the built-in schedule of about three days"),
});
export type DeliveryPolicy = z.infer<typeof DeliveryPolicy>;

export const defaultDeliveryPolicy: DeliveryPolicy = { max_in_flight: 8, per_second: null, schedule: null };

/** What is left out stays as it is, or as the defaults say. */
export const DeliveryPolicyInput = DeliveryPolicy.partial();
export type DeliveryPolicyInput = z.infer<typeof DeliveryPolicyInput>;
