import type { QuietHours } from "@agentplanner/contracts";
import { Temporal } from "temporal-polyfill";

/** The moment itself, or the end of the quiet hours that it falls into: by the clocks of their time zone, whenever those are put forward or back. */
export const afterQuietHours = (moment: Date, quiet: QuietHours): Date => {
	let at = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(quiet.time_zone);
	for (let end = endOf(at, quiet); end !== null; end = endOf(at, quiet)) at = end;
	return new Date(at.epochMilliseconds);
};

/** When the weekend's day, or else the night, that it falls into is over; null outside of both. */
const endOf = (at: Temporal.ZonedDateTime, { from, until, weekends }: QuietHours): Temporal.ZonedDateTime | null => {
	if (weekends && at.dayOfWeek >= 6) return at.add({ days: 1 }).startOfDay();
	const clock = at.toPlainTime().toString().slice(0, 5);
	const overnight = from > until;
	if (overnight ? clock < from && clock >= until : clock < from || clock >= until) return null;
	const day = overnight && clock >= from ? at.toPlainDate().add({ days: 1 }) : at.toPlainDate();
	// Of an hour that the clocks show twice the second one; what they leave out is over right after.
	return day.toPlainDateTime(until).toZonedDateTime(at.timeZoneId, { disambiguation: "later" });
};
