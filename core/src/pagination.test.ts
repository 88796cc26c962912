import { expect, test } from "vitest";
import { InvalidInputError } from "./errors.ts";
import { cursorId, toPage } from "./pagination.ts";

const id = (last: number) => `01890000-0000-7000-8000-00000000000${last}`;
const rows = [5, 4, 3].map((last) => ({ id: id(last) }));

test("a page that has more after it gives a cursor that leads to its last row", () => {
	const page = toPage(rows, 2, (row) => row.id);
	expect(page.items).toEqual([id(5), id(4)]);
	expect(cursorId({ limit: 2, cursor: page.next_cursor ?? "" })).toBe(id(4));
});

test("the last page gives none, also when it is full or empty", () => {
	expect(toPage(rows, 3, (row) => row.id).next_cursor).toBeNull();
	expect(toPage([], 3, (row: { id: string }) => row.id)).toEqual({ items: [], next_cursor: null });
});

test("no cursor is the start; what we didn't give out is refused by its field", () => {
	expect(cursorId({ limit: 2 })).toBeNull();
	for (const cursor of ["", "x", `${id(4)}\n`, "' or 1=1"]) {
		const read = () => cursorId({ limit: 2, cursor });
		expect(read, cursor).toThrow(InvalidInputError);
	}
});
