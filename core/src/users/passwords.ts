import bcrypt from "bcrypt";
import { DomainError } from "../errors.ts";

const cost = 12;

/** Of a random password that nobody knows, at the same cost: what an unknown account is compared with. */
const dummyHash = "$2b$12$a41gEjaa59A119Q0yFnIsOvQBfqBZTpqnlrxDcOZnAEjucgk.Xspm";

/** bcrypt reads no further, so a longer password would match by its beginning. */
const maxBytes = 72;

/** Node has four threads for bcrypt, files and host names alike; a flood of sign-ins must not take them all. */
const mostAtOnce = 2;
/** At a quarter of a second each nobody waits longer than two seconds. */
const mostWaiting = 16;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs one bcrypt call as soon as fewer than two run. Throws DomainError `limit_exceeded` when too many wait already. */
const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
	if (running < mostAtOnce) running += 1;
	else if (waiting.length >= mostWaiting)
		throw new DomainError("limit_exceeded", "Too many people are signing in at this moment. Try again in a few seconds.");
	// Whoever ends hands its place over, so the number that runs stays the same.
	else await new Promise<void>((resolve) => waiting.push(resolve));
	try {
		return await work();
	} finally {
		const next = waiting.shift();
		if (next) next();
		else running -= 1;
	}
};

export const hashPassword = (password: string): Promise<string> => inTurn(() => bcrypt.hash(password, cost));

/**
 * Takes the same time whether or not there is a hash, so that the answer's delay doesn't tell which accounts exist. Like
 * hashPassword it throws DomainError `limit_exceeded` when too many wait.
 */
export const isPasswordOf = async (hash: string | null, password: string): Promise<boolean> => {
	const matches = await inTurn(() => bcrypt.compare(password, hash ?? dummyHash));
	return matches && hash !== null && Buffer.byteLength(password) <= maxBytes;
};
