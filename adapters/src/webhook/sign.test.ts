import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createSigningSecret, secretKey, sign, signatureProblem } from "./sign.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const at = (seconds: number) => new Date(seconds * 1000);

describe("published vectors", () => {
	test.each([
		[first, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
		[
			"whsec_plJ3nmyCDGBKInavdOK15jsl",
			"msg_loFOjxBNrRLzqYUf",
			1731705121,
			'{"event_type":"ping","data":{"success":true}}',
			"v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
		],
		[first, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test":"héllo 🌍"}', "v1,R3CuIbaq8n21Na4sbLc6njOUdNgHj4rbkvxxh/bd3JM="],
	])("%s %s", (secret, id, timestamp, body, expected) => {
		const headers = sign([secret], id, at(timestamp), encode(body));
		expect(headers).toEqual({ "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": expected });
		expect(new Webhook(secret).sign(id, at(timestamp), body)).toBe(expected);
	});
});

describe("against the public library", () => {
	test("it accepts what we sign, with the new and the old secret during a rotation", () => {
		const [next, previous] = [createSigningSecret(), createSigningSecret()];
		const body = encode('{"a":"ü"}');
		const headers = sign([next, previous], "msg_1", new Date(), body);
		for (const secret of [next, previous]) expect(new Webhook(secret).verify(Buffer.from(body), headers)).toEqual({ a: "ü" });
		expect(() => new Webhook(createSigningSecret()).verify(Buffer.from(body), headers)).toThrow();
	});

	test("we accept what it signs", () => {
		const now = new Date();
		const headers = {
			"webhook-id": "msg_1",
			"webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
			"webhook-signature": new Webhook(first).sign("msg_1", now, "{}"),
		};
		expect(signatureProblem(headers, encode("{}"), [createSigningSecret(), first], now)).toBeNull();
	});
});

describe("verification", () => {
	const now = at(1614265330);
	const body = encode("{}");
	const headers = sign([first], "msg_1", now, body);
	const problem = (changes: Record<string, string>, secrets = [first]) => signatureProblem({ ...headers, ...changes }, body, secrets, now);

	test("other versions and damaged parts beside a right signature do no harm", () => {
		expect(problem({ "webhook-signature": `v1a,AAAA v2,x v1, v1,short ${headers["webhook-signature"]}` })).toBeNull();
	});

	test.each([
		["another id", { "webhook-id": "msg_2" }],
		["another time", { "webhook-timestamp": "1614265331" }],
		["no signature", { "webhook-signature": "" }],
		["a signature of another version", { "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,") }],
		["a time that is no number", { "webhook-timestamp": "soon" }],
		["a negative time", { "webhook-timestamp": "-5" }],
		["a missing id", { "webhook-id": "" }],
	])("%s is refused", (_name, changes) => expect(problem(changes)).toEqual(expect.any(String)));

	test("another secret is refused", () => expect(problem({}, [createSigningSecret()])).toMatch("doesn't match"));

	test.each([
		[300, null],
		[-300, null],
		[301, "more than five minutes off"],
		[-301, "more than five minutes off"],
	])("a clock that is %i s off: %j", (seconds, expected) => {
		const found = signatureProblem(headers, body, [first], at(1614265330 + seconds));
		if (expected === null) expect(found).toBeNull();
		else expect(found).toMatch(expected);
	});

	test("bytes that are not UTF-8 are signed as they are", () => {
		const bytes = Uint8Array.of(0xff, 0x00, 0xfe);
		const signed = sign([first], "msg_1", now, bytes);
		expect(signatureProblem(signed, bytes, [first], now)).toBeNull();
		expect(signatureProblem(signed, encode(new TextDecoder().decode(bytes)), [first], now)).toMatch("doesn't match");
	});
});

test("a made secret holds 32 random bytes", () => expect(secretKey(createSigningSecret())?.length).toBe(32));
test.each(["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!", "whsk_MfKQ"])("%j is no signing secret", (secret) =>
	expect(secretKey(secret)).toBeNull(),
);
