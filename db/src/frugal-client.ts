import type { Duplex } from "node:stream";
import pg from "pg";

// A statement that comes often is planned once per connection instead of with every call. One that is hardly heard again (lists of many
// lengths) isn't worth the server's memory, so only what has come a few times gets a name, and the one used last is the last to lose it.
const usesBeforeNaming = 5;
const mostNames = 200;
const mostCounted = 2_000;

const uses = new Map<string, number>();

/** Counted for all connections of the process together, since they are asked the same. */
const comesOften = (text: string): boolean => {
	const used = (uses.get(text) ?? 0) + 1;
	if (used === 1 && uses.size >= mostCounted) uses.clear();
	uses.set(text, used);
	return used >= usesBeforeNaming;
};

type Query = { text?: unknown; name?: unknown; values?: unknown };

// Without values it may be several statements in one text, which can't be prepared.
const canBeNamed = (query: unknown, values: unknown): query is Query & { text: string } => {
	if (typeof query !== "object" || query === null || "submit" in query) return false;
	const { text, name, values: own } = query as Query;
	const given = own ?? values;
	return typeof text === "string" && !name && Array.isArray(given) && given.length > 0;
};

type Connection = { stream: Duplex; parsedStatements: Record<string, string>; close(statement: { type: "S"; name: string }): void };

/**
 * A client that spares the server and the socket: frequent statements are prepared by themselves, also those that Drizzle writes, and
 * what is asked without waiting in between goes out in one packet.
 */
export class FrugalClient extends pg.Client {
	/** By text; the one that wasn't used for longest comes first. */
	readonly #names = new Map<string, string>();
	#named = 0;
	#corked = false;

	// pg's own overloads can't be written down once; what comes in goes on as it is.
	override query(...call: never[]): never {
		this.#cork();
		const [query, values, ...others] = call as unknown[];
		const asked = canBeNamed(query, values) ? { ...query, name: this.#nameOf(query.text) } : query;
		return (super.query as (...call: unknown[]) => never)(asked, values, ...others);
	}

	get #connection() {
		return (this as unknown as { connection: Connection }).connection;
	}

	#nameOf(text: string): string | undefined {
		let name = this.#names.get(text);
		if (name === undefined) {
			if (!comesOften(text)) return undefined;
			this.#named += 1;
			name = `agentplanner_${this.#named}`;
		}
		this.#names.delete(text);
		this.#names.set(text, name);
		if (this.#names.size > mostNames) this.#forgetOldest();
		return name;
	}

	#forgetOldest() {
		const [oldest] = this.#names;
		if (!oldest) return;
		const [text, name] = oldest;
		this.#names.delete(text);
		const { parsedStatements, stream } = this.#connection;
		// Its answer comes along with the next statement's. Names don't come twice, so what is still on its way clashes with nothing.
		if (parsedStatements[name] !== undefined && stream.writable) this.#connection.close({ type: "S", name });
		delete parsedStatements[name];
	}

	#cork() {
		const { stream } = this.#connection;
		if (this.#corked || !stream.writable) return;
		this.#corked = true;
		stream.cork();
		process.nextTick(() => {
			this.#corked = false;
			stream.uncork();
		});
	}
}
