// A statement has at most 65,535 parameters.
const rowsAtOnce = 2_000;

/** Rows in as many parts as it takes statements to insert them. */
export const portions = <Row>(rows: Row[]): Row[][] =>
	Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, index) => rows.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce));
