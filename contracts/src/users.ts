import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Role } from "./projects.ts";
import { Email, Id, line, Timestamp } from "./values.ts";

export const User = z.strictObject({ id: Id, email: Email, name: z.string(), created_at: Timestamp });
export type User = z.infer<typeof User>;

export const Session = z.strictObject({
	user: User,
	/** Send it back as `x-csrf-token` with every request that changes something. */
	csrf_token: z.string(),
	active_project_id: Id.nullable(),
	projects: z.array(z.strictObject({ id: Id, name: z.string(), role: Role })),
	expires_at: Timestamp,
});
export type Session = z.infer<typeof Session>;

// bcrypt reads 72 bytes at most; more would be cut silently.
const newPassword = z
	.string()
	.min(10, "must be at least 10 characters long")
	.max(72, "must be at most 72 bytes long")
	.refine((value) => new TextEncoder().encode(value).length <= 72, "must be at most 72 bytes long");

export const RegisterInput = z
	.strictObject({
		email: Email,
		name: line(120),
		password: newPassword,
		/** From an invitation's link; its project is then joined. */
		invitation_token: z.string().min(1).max(200).optional(),
	})
	.meta({ examples: [{ email: "ada@example.org", name: "Ada", password: "correct horse battery staple" }] });
export type RegisterInput = z.infer<typeof RegisterInput>;

export const LoginInput = z
	.strictObject({ email: Email, password: z.string().min(1).max(200) })
	.meta({ examples: [{ email: "ada@example.org", password: "correct horse battery staple" }] });
export type LoginInput = z.infer<typeof LoginInput>;

/** A JWT for `Authorization: Bearer`; it ends with its session. */
export const AccessToken = z.strictObject({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() });
export type AccessToken = z.infer<typeof AccessToken>;

/** What a sign-in page may offer. */
export const AuthMethods = z.strictObject({
	github: z.boolean(),
	/** Who may make an account now: anybody, the first person to come, or whoever is invited. */
	sign_up: z.enum(["open", "first_account", "invitation"]),
});
export type AuthMethods = z.infer<typeof AuthMethods>;

/**
 * Why signing in with, or linking, an account elsewhere came to nothing: what the page is told in its address as `problem`, and
 * turns into a sentence.
 */
export const SignInProblem = z.enum([
	"denied",
	"expired",
	"no_verified_email",
	"email_taken",
	"sign_up_closed",
	"linked_elsewhere",
	"another_linked",
	"too_many_tries",
	"unavailable",
]);
export type SignInProblem = z.infer<typeof SignInProblem>;

/** A person on a platform, who is this user here. */
export const LinkedAccount = z.strictObject({
	id: Id,
	/** `github`, or an adapter's id. */
	provider: z.string(),
	/** Team, guild or gateway there; null where ids hold everywhere. */
	external_account: z.string().nullable(),
	external_user_id: z.string(),
	name: z.string(),
	created_at: Timestamp,
});
export type LinkedAccount = z.infer<typeof LinkedAccount>;

/** Where an account is linked: send the browser there. */
export const LinkingStart = z.strictObject({ url: z.string() });
export type LinkingStart = z.infer<typeof LinkingStart>;

/** Where the page is on which one says who one is on a platform. The token comes behind the `#`, so that it is sent to no server and in no log. */
export const linkAccountPath = "/link-account";

const LinkTokenInput = z.strictObject({ token: z.string().min(1).max(4_000) });

/** Whom a link would make me on a platform, and whose word that is. */
export const AccountLink = z.strictObject({
	adapter: z.string(),
	/** What the person is called there. */
	name: z.string(),
	integration: z.strictObject({ id: Id, name: z.string() }),
	project: z.strictObject({ id: Id, name: z.string() }),
	/** I am that person already. */
	linked: z.boolean(),
});
export type AccountLink = z.infer<typeof AccountLink>;

/** `current_password` is needed where there is one. */
export const ChangePasswordInput = z.strictObject({ current_password: z.string().min(1).max(200).optional(), new_password: newPassword });
export type ChangePasswordInput = z.infer<typeof ChangePasswordInput>;

/** A session of mine: one browser or script that is signed in. */
export const OwnSession = z.strictObject({
	id: Id,
	/** The one that asks. */
	current: z.boolean(),
	user_agent: z.string().nullable(),
	created_at: Timestamp,
	/** To the minute. */
	last_used_at: Timestamp,
	expires_at: Timestamp,
});
export type OwnSession = z.infer<typeof OwnSession>;

export const auth = {
	getMethods: endpoint({
		method: "GET",
		path: "/auth/methods",
		summary: "What a sign-in page may offer",
		tag: "auth",
		output: AuthMethods,
	}),
	register: endpoint({
		method: "POST",
		path: "/auth/register",
		summary: "Create an account and sign in",
		tag: "auth",
		body: RegisterInput,
		output: Session,
		status: 201,
		refuses: ["forbidden", "conflict", "limit_exceeded"],
	}),
	login: endpoint({
		method: "POST",
		path: "/auth/login",
		summary: "Sign in",
		tag: "auth",
		body: LoginInput,
		output: Session,
		refuses: ["limit_exceeded"],
	}),
	createAccessToken: endpoint({
		method: "POST",
		path: "/auth/token",
		summary: "A JWT of 15 minutes, for the session whose cookie asks or for e-mail and password",
		tag: "auth",
		body: LoginInput.optional(),
		output: AccessToken,
		refuses: ["forbidden", "limit_exceeded"],
	}),
	logout: endpoint({
		method: "POST",
		path: "/auth/logout",
		summary: "Sign out; the session ends at once",
		tag: "auth",
		output: z.strictObject({}),
	}),
	getSession: endpoint({ method: "GET", path: "/auth/session", summary: "Who am I, and my CSRF token", tag: "auth", output: Session }),
	changePassword: endpoint({
		method: "PUT",
		path: "/auth/password",
		summary: "Change my password, or set the first one; my other sessions end",
		tag: "auth",
		body: ChangePasswordInput,
		output: z.strictObject({}),
		refuses: ["conflict", "unprocessable", "limit_exceeded"],
	}),
	listSessions: endpoint({
		method: "GET",
		path: "/auth/sessions",
		summary: "Where I am signed in",
		tag: "auth",
		output: z.strictObject({ items: z.array(OwnSession) }),
	}),
	endSession: endpoint({
		method: "DELETE",
		path: "/auth/sessions/{sessionId}",
		summary: "Sign one of my sessions out at once",
		tag: "auth",
		params: z.strictObject({ sessionId: Id }),
		output: z.strictObject({}),
	}),
	listLinkedAccounts: endpoint({
		method: "GET",
		path: "/auth/linked-accounts",
		summary: "Who I am elsewhere, and whether I also have a password",
		tag: "auth",
		output: z.strictObject({ items: z.array(LinkedAccount), has_password: z.boolean() }),
	}),
	previewLink: endpoint({
		method: "POST",
		path: "/auth/linked-accounts/preview",
		summary: "Whom the link that somebody got on a platform speaks of; changes nothing",
		tag: "auth",
		body: LinkTokenInput,
		output: AccountLink,
		refuses: ["forbidden", "unprocessable"],
	}),
	linkAccount: endpoint({
		method: "POST",
		path: "/auth/linked-accounts",
		summary: "Say that I am the person who got that link on a platform: what they choose there, I have chosen",
		tag: "auth",
		body: LinkTokenInput,
		output: AccountLink,
		refuses: ["forbidden", "conflict", "unprocessable"],
	}),
	startLinking: endpoint({
		method: "POST",
		path: "/auth/linked-accounts/github",
		summary: "Begin to link my GitHub account: answers with the address to send the browser to, good for a minute",
		tag: "auth",
		output: LinkingStart,
		refuses: ["unprocessable"],
	}),
	unlinkAccount: endpoint({
		method: "DELETE",
		path: "/auth/linked-accounts/{linkedAccountId}",
		summary: "Remove a linked account, unless I could not sign in without it",
		tag: "auth",
		params: z.strictObject({ linkedAccountId: Id }),
		output: z.strictObject({}),
		refuses: ["unprocessable"],
	}),
};
