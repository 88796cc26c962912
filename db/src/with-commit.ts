/** What `withCommit` makes. */
export class WithCommit<T> {
	readonly promise: Promise<T>;
	constructor(promise: Promise<T>) {
		this.promise = promise;
	}
}

/**
 * What the work of a transaction ends with when nothing in it has to wait for these queries any more: they and the COMMIT go to the
 * server together. They must have been begun, or they would come after it: Drizzle's wait for `.execute()` or `.then()`.
 */
export const withCommit = <T>(promise: Promise<T>): WithCommit<T> => {
	promise.catch(() => {});
	return new WithCommit(promise);
};
