import type { Duplex } from "node:stream";
import pg from "pg";

// A statement that comes often is planned once per connection instead of with every call. One that is never heard again (lists of many
// lengths) isn't worth the server's memory, so only what has come a few times gets a name, and not more than the server should keep.
const usesBeforeNaming = 5;
const mostNames = 200;
const mostCounted = 2_000;

const createNames = () => {
	const names = new Map<string, string>();
	const uses = new Map<string, number>();
	return (text: string): string | undefined => {
		const name = names.get(text);
		if (name !== undefined || names.size >= mostNames) return name;
		const used = (uses.get(text) ?? 0) + 1;
		if (used < usesBeforeNaming) {
			if (uses.size >= mostCounted) uses.clear();
			uses.set(text, used);
			return undefined;
		}
		uses.delete(text);
		names.set(text, `agentplanner_${names.size + 1}`);
		return names.get(text);
	};
};

const nameOf = createNames();

type Query = { text?: unknown; name?: unknown; values?: unknown };

// Without values it may be several statements in one text, which can't be prepared.
const canBeNamed = (query: Query | undefined, values: unknown): query is Query & { text: string } =>
	typeof query === "object" && typeof query.text === "string" && query.name === undefined && Array.isArray(values) && values.length > 0;

/**
 * A client that spares the server and the socket: frequent statements are prepared by themselves, also those that Drizzle writes, and
 * what is asked without waiting in between goes out in one packet.
 */
export class FrugalClient extends pg.Client {
	#corked = false;

	// pg's own overloads can't be written down once; what comes in goes on as it is.
	override query(...call: never[]): never {
		const [query, values] = call as unknown[] as [(Query | undefined)?, unknown?];
		if (canBeNamed(query, query?.values ?? values)) query.name = nameOf(query.text);
		this.#cork();
		return (super.query as (...call: never[]) => never)(...call);
	}

	#cork() {
		const { stream } = (this as unknown as { connection: { stream: Duplex } }).connection;
		if (this.#corked || !stream.writable) return;
		this.#corked = true;
		stream.cork();
		process.nextTick(() => {
			this.#corked = false;
			stream.uncork();
		});
	}
}
