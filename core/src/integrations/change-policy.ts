import type { DeliveryPolicy, DeliveryPolicyInput } from "@agentplanner/contracts";

/** The policy with what is given; what is left out stays. */
export const changePolicy = (
	before: DeliveryPolicy,
	{ max_in_flight = before.max_in_flight, per_second = before.per_second, schedule = before.schedule }: DeliveryPolicyInput,
): DeliveryPolicy => ({ max_in_flight, per_second, schedule });
