import { describe, expect, test } from "vitest";
import { signatureProblem } from "../../src/slack/signature.ts";
import { workspace } from "./workspace.ts";

const { signingSecret } = workspace;

describe("the signature", () => {
	// The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
	const body = Buffer.from(
		"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
	);
	const headers = {
		"x-slack-request-timestamp": "1531420618",
		"x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
	};
	const at = (seconds: number) => new Date((1531420618 + seconds) * 1000);

	test("of Slack's own example is right, with the previous secret as well", () => {
		expect(signatureProblem(headers, body, [signingSecret], at(0))).toBeNull();
		expect(signatureProblem(headers, body, ["another0secret0of0ours", signingSecret], at(0))).toBeNull();
		expect(signatureProblem(headers, body, ["another0secret0of0ours"], at(0))).toContain("doesn't match");
	});

	test("is good for five minutes, in both directions", () => {
		for (const seconds of [-300, 300]) expect(signatureProblem(headers, body, [signingSecret], at(seconds))).toBeNull();
		for (const seconds of [-301, 301, 86_400])
			expect(signatureProblem(headers, body, [signingSecret], at(seconds))).toContain("five minutes");
	});

	test("of another version, another length or none is wrong", () => {
		for (const given of [headers["x-slack-signature"].replace("v0", "v1"), "v0=", "", "é".repeat(67)])
			expect(signatureProblem({ ...headers, "x-slack-signature": given }, body, [signingSecret], at(0))).not.toBeNull();
	});
});
