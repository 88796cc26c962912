import { expect, test } from "vitest";
import { chooseEngine } from "../src/index.ts";

test("without a word it is Hatchet when there is a token, else Postgres", () => {
	expect(chooseEngine({})).toEqual({ kind: "postgres" });
	expect(chooseEngine({ hatchetToken: "t" })).toEqual({ kind: "hatchet", token: "t" });
});

test("what was asked for is taken: Postgres despite a token, embedded Hatchet without one", () => {
	expect(chooseEngine({ engine: "postgres", hatchetToken: "t" })).toEqual({ kind: "postgres" });
	expect(chooseEngine({ engine: "hatchet" })).toEqual({ kind: "hatchet-embedded" });
	expect(chooseEngine({ engine: "hatchet", hatchetToken: "t" })).toEqual({ kind: "hatchet", token: "t" });
});
