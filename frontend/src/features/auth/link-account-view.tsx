import type { AccountLink, Session } from "@agentplanner/contracts";
import { Anchor, Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { describeError, isProblem } from "../../lib/problems.ts";
import { accountLinkQuery, linkAccount, linkedAccountsQuery } from "../../queries/accounts.ts";
import { useAdapterLabel } from "../../queries/integrations.ts";
import { logOut, sessionQuery } from "../../queries/session.ts";

type Props = { token: string; session: Session; onLeave: () => void };

/** Who would be linked to whom, for somebody signed in; it happens when they say so. */
export const LinkAccountView = ({ token, session, onLeave }: Props) => {
	const client = useQueryClient();
	const preview = useQuery(accountLinkQuery(token, true));
	const link = useMutation({
		mutationFn: () => linkAccount(token),
		onSuccess: async (linked) => {
			client.setQueryData(accountLinkQuery(token, true).queryKey, linked);
			await client.invalidateQueries({ queryKey: linkedAccountsQuery().queryKey });
		},
	});
	const { email } = session.user;

	if (preview.isPending) return <LoadingRows rows={4} />;
	if (preview.isError) {
		const isRefused = isProblem(preview.error, "forbidden") || isProblem(preview.error, "unprocessable");
		if (!isRefused) return <LoadError error={preview.error} retry={() => void preview.refetch()} />;
		return (
			<>
				<h1>Nothing was linked</h1>
				<Notice tone="amber" title="This link can't be used" alert>
					{describeError(preview.error).detail}
				</Notice>
				<OtherPerson email={email} />
			</>
		);
	}
	if (preview.data.linked) return <Linked link={preview.data} email={email} onLeave={onLeave} />;
	return (
		<>
			<Question link={preview.data} email={email} />
			{link.error !== null &&
				(isProblem(link.error, "conflict") || isProblem(link.error, "unprocessable") ? (
					<Notice tone="amber" title="Nothing was linked" alert>
						{describeError(link.error).detail}
					</Notice>
				) : (
					<ErrorNotice error={link.error} />
				))}
			<div className="auth-actions">
				<Button size="sm" loading={link.isPending} onClick={() => link.mutate()}>
					Link
				</Button>
				<Button size="sm" variant="default" onClick={onLeave}>
					Cancel
				</Button>
			</div>
			<OtherPerson email={email} />
		</>
	);
};

const Question = ({ link: { adapter, name, integration, project }, email }: { link: AccountLink; email: string }) => {
	const label = useAdapterLabel(adapter);
	return (
		<>
			<h1>
				Are you {name} on {label}?
			</h1>
			<p className="small">
				The {label} account <strong>{name}</strong> will decide as <strong>{email}</strong>, wherever you may decide.
			</p>
			<p className="dim small">
				You got this link in the channel “{integration.name}” of the project “{project.name}”. If {name} there isn't you, cancel: whoever it
				is would decide in your name.
			</p>
		</>
	);
};

const Linked = ({ link: { adapter, name }, email, onLeave }: { link: AccountLink; email: string; onLeave: () => void }) => {
	const label = useAdapterLabel(adapter);
	return (
		<>
			<h1>You are linked</h1>
			<p className="small">
				What <strong>{name}</strong> chooses on {label} is decided by <strong>{email}</strong>. What you pressed before didn't count: go
				back to {label} and choose again.
			</p>
			<p className="dim small">You can unlink it under Settings → Account.</p>
			<Button size="sm" variant="default" onClick={onLeave}>
				Open AgentPlanner
			</Button>
		</>
	);
};

const OtherPerson = ({ email }: { email: string }) => {
	const client = useQueryClient();
	const signOut = useMutation({ mutationFn: logOut, onSuccess: () => client.resetQueries({ queryKey: sessionQuery().queryKey }) });
	return (
		<>
			{signOut.error !== null && <ErrorNotice error={signOut.error} />}
			<p className="dim tiny">
				You are signed in as {email}.{" "}
				<Anchor component="button" type="button" inherit underline="always" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
					Sign in as somebody else
				</Anchor>
			</p>
		</>
	);
};
