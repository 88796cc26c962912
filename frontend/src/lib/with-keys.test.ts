import { expect, it } from "vitest";
import { withKeys } from "./with-keys.ts";

it("gives each its own key, which stays when something else comes before it", () => {
	const keysOf = (words: string[]) => withKeys(words, (word) => word).map(({ key }) => key);
	const [calls, callsAgain] = keysOf(["calls", "calls"]);
	expect(calls).not.toBe(callsAgain);
	expect(keysOf(["visits", "calls", "calls"]).slice(1)).toEqual([calls, callsAgain]);
});
