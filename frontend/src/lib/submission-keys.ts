import { randomId } from "./random-id.ts";

export type SubmissionKeys = { keyFor(body: unknown): string; done(): void };

/**
 * Idempotency keys of one form: the same body repeats under the same key, so that a lost answer does no harm; another body
 * is another submission. After `done` the same body is one, too.
 */
export const createSubmissionKeys = (): SubmissionKeys => {
	let last: { text: string; key: string } | null = null;
	return {
		keyFor(body) {
			const text = JSON.stringify(body);
			if (last?.text !== text) last = { text, key: randomId() };
			return last.key;
		},
		done() {
			last = null;
		},
	};
};
