import { expect, test } from "vitest";
import { signatureProblem } from "../../src/discord/signature.ts";
import { signPost, world } from "./world.ts";

// Discord publishes no example; this one was made with two other libraries.
const body = Buffer.from(`{"id":"1","type":3,"data":{"custom_id":"ask:r1:approve"},"member":{"nick":"Zoë 🧪"}}`);
const headers = {
	"x-signature-timestamp": "1700000000",
	"x-signature-ed25519":
		"ec048a60c49f11bf6facac504b02fd235bd019605a91188959ff505a325b724d5892893f986584d15843abae9fc9769e094b73cbee548d80447671f6db96a403",
};
const at = (seconds: number) => new Date((1_700_000_000 + seconds) * 1_000);
const problem = (changes: Record<string, string> = {}, publicKey = world.publicKey) =>
	signatureProblem({ ...headers, ...changes }, body, publicKey, at(0));

test("a signature of others' making is right, and ours is the same", () => {
	expect(problem()).toBeNull();
	expect(signPost(body.toString(), at(0)).headers).toMatchObject(headers);
	expect(problem({}, world.publicKey.toUpperCase())).toBeNull();
});

test("of another key, another body, another length or none it is wrong", () => {
	expect(problem({}, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).toContain("doesn't match");
	expect(problem({ "x-signature-timestamp": "1700000001" })).toContain("doesn't match");
	expect(signatureProblem(headers, Buffer.concat([body, Buffer.from(" ")]), world.publicKey, at(0))).toContain("doesn't match");
	for (const given of [headers["x-signature-ed25519"].slice(2), "", "zz".repeat(64)])
		expect(problem({ "x-signature-ed25519": given })).not.toBeNull();
});

test("it is good for five minutes, in both directions", () => {
	for (const seconds of [-300, 300]) expect(signatureProblem(headers, body, world.publicKey, at(seconds))).toBeNull();
	for (const seconds of [-301, 301, 86_400])
		expect(signatureProblem(headers, body, world.publicKey, at(seconds))).toContain("five minutes");
});
