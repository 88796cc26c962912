import { type Person, signIn } from "./person.ts";

/** An account of its own that joins the project by an invitation, as its pages would; signed in. */
export const join = async (url: string, owner: Person, account: { email: string; name: string; role: string }) => {
	const { email, name, role } = account;
	const { token } = await owner.must<{ token: string }>("POST", `/projects/${owner.projectId}/invitations`, { email, role });
	const login = { email, password: "a long enough password" };
	const answer = await fetch(`${url}/api/v1/auth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ ...login, name, invitation_token: token }),
	});
	if (!answer.ok) throw new Error(`Registering was answered ${answer.status}: ${await answer.text()}`);
	return { login, person: await signIn(url, login) };
};
