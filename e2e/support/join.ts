import { type Person, signIn } from "./person.ts";

type Account = { email: string; name: string; role: string };

/** An account of its own that joins the project by an invitation, as its pages would; signed in. */
export const join = async (url: string, owner: Person, account: Account) => {
	const { email, role } = account;
	const { token } = await owner.must<{ token: string }>("POST", `/projects/${owner.projectId}/invitations`, { email, role });
	return register(url, account, token);
};

/** The same by an invitation to one plan, which makes a guest. */
export const joinPlan = async (url: string, owner: Person, planId: string, account: Account) => {
	const { email, role } = account;
	const path = `/projects/${owner.projectId}/plans/${planId}/collaborators`;
	const { invitation } = await owner.must<{ invitation: { token: string } }>("POST", path, { email, role });
	return register(url, account, invitation.token);
};

const register = async (url: string, { email, name }: Account, token: string) => {
	const login = { email, password: "a long enough password" };
	const answer = await fetch(`${url}/api/v1/auth/register`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ ...login, name, invitation_token: token }),
	});
	if (!answer.ok) throw new Error(`Registering was answered ${answer.status}: ${await answer.text()}`);
	return { login, person: await signIn(url, login) };
};
