import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Role } from "./projects.ts";
import { Id, line, Timestamp } from "./values.ts";

export const User = z.strictObject({ id: Id, email: z.email(), name: z.string(), created_at: Timestamp });
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

export const RegisterInput = z.strictObject({
	email: z.email("must be an e-mail address").max(254),
	name: line(120),
	// bcrypt reads 72 bytes at most; more would be cut silently.
	password: z
		.string()
		.min(10, "must be at least 10 characters long")
		.refine((value) => new TextEncoder().encode(value).length <= 72, "must be at most 72 bytes long"),
	/** From an invitation's link; its project is then joined. */
	invitation_token: z.string().min(1).max(200).optional(),
});
export type RegisterInput = z.infer<typeof RegisterInput>;

export const LoginInput = z.strictObject({ email: z.email("must be an e-mail address").max(254), password: z.string().min(1).max(200) });
export type LoginInput = z.infer<typeof LoginInput>;

/** A JWT for `Authorization: Bearer`; it ends with its session. */
export const AccessToken = z.strictObject({ access_token: z.string(), token_type: z.literal("Bearer"), expires_in: z.int() });
export type AccessToken = z.infer<typeof AccessToken>;

export const auth = {
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
		summary: "A JWT of 15 minutes, for the session that asks or for e-mail and password",
		tag: "auth",
		body: LoginInput.optional(),
		output: AccessToken,
		refuses: ["limit_exceeded"],
	}),
	logout: endpoint({
		method: "POST",
		path: "/auth/logout",
		summary: "Sign out; the session ends at once",
		tag: "auth",
		output: z.strictObject({}),
	}),
	getSession: endpoint({ method: "GET", path: "/auth/session", summary: "Who am I, and my CSRF token", tag: "auth", output: Session }),
};
