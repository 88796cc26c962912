import { defaultDeliveryPolicy } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { builtInSchedule, readPolicy, samePolicy, saySchedule, typePolicy } from "./delivery-policy.ts";

test("a policy is typed as it is read", () => {
	const policy = { max_in_flight: 3, per_second: 0.5, schedule: [5, 90, 120, 86_400] };
	expect(typePolicy(policy)).toEqual({ max_in_flight: "3", per_second: "0.5", schedule: "5s 90s 2m 24h" });
	expect(readPolicy(typePolicy(policy))).toEqual({ value: policy, errors: {} });
	expect(samePolicy(readPolicy(typePolicy(policy)).value, policy)).toBe(true);
	expect(saySchedule(readPolicy({ ...typePolicy(policy), schedule: builtInSchedule }).value.schedule ?? [])).toBe(builtInSchedule);
});

test("empty fields mean the defaults, but something has to be under way", () => {
	expect(readPolicy({ max_in_flight: "8", per_second: " ", schedule: "" })).toEqual({ value: defaultDeliveryPolicy, errors: {} });
	expect(Object.keys(readPolicy({ max_in_flight: "", per_second: "", schedule: "" }).errors)).toEqual(["max_in_flight"]);
});

test.each(["0.5", "0", "51", "many"])("“%s” at once is refused", (max_in_flight) => {
	expect(Object.keys(readPolicy({ max_in_flight, per_second: "", schedule: "" }).errors)).toEqual(["max_in_flight"]);
});

test.each(["5", "5 s", "0s", "25h", "5s, soon", Array(21).fill("1m").join(" ")])("the schedule “%s” is refused", (schedule) => {
	expect(Object.keys(readPolicy({ max_in_flight: "8", per_second: "101", schedule }).errors)).toEqual(["per_second", "schedule"]);
});
