import { z } from "zod";
import { urlSetting } from "../url-setting.ts";
import { secretKey } from "./sign.ts";

const reserved = new Set([
	"accept-encoding",
	"authorization",
	"connection",
	"content-encoding",
	"content-length",
	"content-type",
	"expect",
	"host",
	"keep-alive",
	"te",
	"traceparent",
	"tracestate",
	"trailer",
	"transfer-encoding",
	"upgrade",
	"user-agent",
]);

const headerProblem = (name: string): string | null => {
	const lower = name.toLowerCase();
	if (!/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/.test(lower)) return "is not a header name";
	if (lower === "authorization") return "belongs into the secret of that name, where it is encrypted";
	return reserved.has(lower) || /^(webhook|proxy)-/.test(lower) ? "is set by AgentPlanner" : null;
};

const headerValue = z
	.string()
	.max(2_000)
	.regex(/^[\t\x20-\x7e]*$/, "must be one line of ASCII characters");

const Headers = z.record(z.string(), headerValue).superRefine((headers, context) => {
	const names = Object.keys(headers);
	if (names.length > 20) context.addIssue({ code: "custom", message: "at most 20 headers" });
	if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
		context.addIssue({ code: "custom", message: "a header is given twice" });
	for (const name of names) {
		const problem = headerProblem(name);
		if (problem) context.addIssue({ code: "custom", path: [name], message: `"${name}" ${problem}` });
	}
});

export const WebhookSettings = z.strictObject({
	url: urlSetting(2_000).meta({
		title: "URL",
		description: "Requests are posted here, signed by the Standard Webhooks rules.",
		format: "uri",
	}),
	headers: Headers.optional().meta({ title: "Extra headers", description: "Sent with every request, unchanged. Not for secrets." }),
	timeout_ms: z
		.int()
		.min(1_000)
		.max(15_000)
		.optional()
		.meta({ title: "Timeout in milliseconds", description: "How long one attempt may take." }),
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;

const SigningSecret = z.string().refine((secret) => {
	const length = secretKey(secret)?.length ?? 0;
	return length >= 24 && length <= 64;
}, "must be whsec_ followed by 24 to 64 bytes in base64");

export const WebhookSecrets = z.strictObject({
	signing_secret: SigningSecret.meta({
		title: "Signing secret",
		description:
			"Made for you when left out. The receiver verifies with it. One of your own: whsec_ and then what “openssl rand -base64 32” prints.",
	}),
	previous_signing_secret: SigningSecret.optional().meta({
		title: "Previous signing secret",
		description: "Signs as well while receivers change over to the new one.",
	}),
	authorization: z
		.string()
		.min(8)
		.max(2_000)
		.regex(/^[\x20-\x7e]+$/, "must be one line of ASCII characters")
		.optional()
		.meta({ title: "Authorization header", description: "For receivers that can't verify signatures, such as n8n: “Bearer …”." }),
});
export type WebhookSecrets = z.infer<typeof WebhookSecrets>;

/** The secrets that sign and that verify. */
export const signingSecrets = (secrets: WebhookSecrets): string[] =>
	secrets.previous_signing_secret ? [secrets.signing_secret, secrets.previous_signing_secret] : [secrets.signing_secret];

/** Every form in which a secret could turn up in a record. */
export const maskedValues = (secrets: WebhookSecrets): string[] => {
	const values = signingSecrets(secrets).flatMap((secret) => [secret, secret.slice("whsec_".length)]);
	const { authorization } = secrets;
	if (!authorization) return values;
	const credential = authorization.replace(/^\S+ +/, "");
	return credential.length < 4 ? [...values, authorization] : [...values, authorization, credential];
};
