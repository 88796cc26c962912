const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const twoDigits = (value: number) => String(value).padStart(2, "0");

/** How long something has been going on, exact enough to watch: `0:07`, `12:04`, `3:07:09`, `2d 4h`. */
export const formatElapsed = (ms: number): string => {
	const clamped = Math.max(0, ms);
	const seconds = Math.floor(clamped / second) % 60;
	const minutes = Math.floor(clamped / minute) % 60;
	const hours = Math.floor(clamped / hour);
	if (clamped >= day) return `${Math.floor(clamped / day)}d ${hours % 24}h`;
	return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}` : `${minutes}:${twoDigits(seconds)}`;
};

/** A measured duration: `84 ms`, `1.2 s`, `3 min 5 s`, `2 h 4 min`, `3 d 1 h`. */
export const formatDuration = (ms: number): string => {
	if (ms < second) return `${Math.round(ms)} ms`;
	if (ms < minute) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
	if (ms < hour) return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / second)} s`;
	if (ms < day) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`;
	return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`;
};

/** Distance from now in one unit: `just now`, `4 min ago`, `in 3 h`. */
export const formatRelative = (at: number, now: number): string => {
	const distance = Math.abs(at - now);
	const future = at > now;
	// The server's clock may be a little ahead: what has just happened must not look as if it were still to come.
	if (distance < 10 * second) return future && distance > 2 * second ? "in a moment" : "just now";
	const amount =
		distance < minute
			? `${Math.floor(distance / second)} s`
			: distance < hour
				? `${Math.floor(distance / minute)} min`
				: distance < 2 * day
					? `${Math.floor(distance / hour)} h`
					: `${Math.round(distance / day)} days`;
	return future ? `in ${amount}` : `${amount} ago`;
};

/** What is left until a moment, for a countdown: `now`, `8 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export const formatCountdown = (ms: number): string => {
	if (ms <= 0) return "now";
	const seconds = Math.ceil(ms / second);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
	if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
	return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3_600)} h`;
};

// The pages are in English, so their dates are too: `28 Nov 2026, 14:05`, whatever the browser prefers.
const dayAndMonth = { day: "numeric", month: "short" } as const;
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const english = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", options);
const fullFormat = english({ ...dayAndMonth, year: "numeric", ...clock, second: "2-digit" });
const minuteFormat = english({ ...dayAndMonth, year: "numeric", ...clock });
const clockFormat = english({ ...clock, second: "2-digit" });
const timeFormat = english(clock);
const dayFormat = english(dayAndMonth);

export const formatMoment = (timestamp: string): string => fullFormat.format(new Date(timestamp));
export const formatMinute = (timestamp: string): string => minuteFormat.format(new Date(timestamp));
export const formatClock = (timestamp: string): string => clockFormat.format(new Date(timestamp));
/** `14:03`. */
export const formatTime = (timestamp: string): string => timeFormat.format(new Date(timestamp));
export const formatDay = (timestamp: string): string => dayFormat.format(new Date(timestamp));

/** Local value for `<input type="date">`. */
export const toDateInput = (timestamp: string): string => {
	const date = new Date(timestamp);
	return `${String(date.getFullYear()).padStart(4, "0")}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
};

/** A due day means its end, where the reader lives. */
const fromDateInput = (value: string): string => new Date(`${value}T23:59:59`).toISOString();

/** What date inputs accept; later ones are no longer four-digit years everywhere on earth. */
export const earliestDay = "1970-01-01";
export const latestDay = "9998-12-31";

export type DateReading = { at: string | null } | { problem: string };

/** `unfinished`: the browser reports a half-typed date as empty, and only its validity tells. */
export const readDateInput = (value: string, unfinished: boolean): DateReading => {
	if (unfinished) return { problem: "Finish the date, or clear all of it" };
	if (value === "") return { at: null };
	if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value < earliestDay || value > latestDay)
		return { problem: "The year must be from 1970 to 9998" };
	return { at: fromDateInput(value) };
};

/** Local value for `<input type="datetime-local">`. */
export const toDateTimeInput = (date: Date): string =>
	`${toDateInput(date.toISOString())}T${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;

const sizes = ["B", "kB", "MB"] as const;

/** 1000 bytes are a kB: "312 B", "4.2 kB". */
export const formatBytes = (bytes: number): string => {
	const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2;
	return `${step === 0 ? bytes : (bytes / 1_000 ** step).toFixed(1)} ${sizes[step]}`;
};
