const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A day of the calendar, the same one wherever it is read. */
export const formatGoalDay = (day: string): string => format.format(new Date(`${day}T00:00:00Z`));
