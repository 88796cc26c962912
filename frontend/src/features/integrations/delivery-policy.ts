import { type DeliveryPolicy, defaultSchedule, DeliveryPolicy as shape } from "@agentplanner/contracts";

/** The policy as it is typed; an empty field means the default. */
export type TypedPolicy = { max_in_flight: string; per_second: string; schedule: string };

const units = { s: 1, m: 60, h: 3_600 };

const sayWait = (seconds: number): string => {
	const unit = seconds % 3_600 === 0 ? "h" : seconds % 60 === 0 ? "m" : "s";
	return `${seconds / units[unit]}${unit}`;
};

export const saySchedule = (seconds: readonly number[]): string => seconds.map(sayWait).join(" ");

export const builtInSchedule = saySchedule(defaultSchedule);

/** Seconds of “5s 2m 1h”; NaN for what is no wait. */
const readSchedule = (typed: string): number[] =>
	typed
		.split(/[\s,]+/)
		.filter((part) => part !== "")
		.map((part) => {
			const [, count, unit] = /^(\d+)([smh])$/.exec(part) ?? [];
			return count === undefined ? Number.NaN : Number(count) * units[unit as keyof typeof units];
		});

export const typePolicy = ({ max_in_flight, per_second, schedule }: DeliveryPolicy): TypedPolicy => ({
	max_in_flight: String(max_in_flight),
	per_second: per_second === null ? "" : String(per_second),
	schedule: schedule === null ? "" : saySchedule(schedule),
});

const hints: Record<keyof TypedPolicy, string> = {
	max_in_flight: "A whole number from 1 to 50.",
	per_second: "A number from 0.1 to 100, or nothing.",
	schedule: "Up to 20 waits such as 5s, 2m or 1h, from 1s to 24h, or nothing.",
};

/** What is typed as the api takes it, and what is wrong about each field. */
export const readPolicy = (typed: TypedPolicy): { value: DeliveryPolicy; errors: Partial<Record<keyof TypedPolicy, string>> } => {
	const value: DeliveryPolicy = {
		max_in_flight: typed.max_in_flight.trim() === "" ? Number.NaN : Number(typed.max_in_flight),
		per_second: typed.per_second.trim() === "" ? null : Number(typed.per_second),
		schedule: typed.schedule.trim() === "" ? null : readSchedule(typed.schedule),
	};
	const names = Object.keys(hints) as (keyof TypedPolicy)[];
	const wrong = names.filter((name) => !shape.shape[name].safeParse(value[name]).success);
	return { value, errors: Object.fromEntries(wrong.map((name) => [name, hints[name]])) };
};

export const samePolicy = (one: DeliveryPolicy, other: DeliveryPolicy): boolean =>
	JSON.stringify(typePolicy(one)) === JSON.stringify(typePolicy(other));

/** The policy in a sentence's part. */
export const sayPolicy = ({ max_in_flight, per_second, schedule }: DeliveryPolicy): string =>
	[
		`${max_in_flight} at once`,
		per_second === null ? "no limit per second" : `${per_second} per second`,
		`again after ${schedule === null ? builtInSchedule : saySchedule(schedule)}`,
	].join(", ");
