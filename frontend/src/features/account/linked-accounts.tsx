import type { LinkedAccount } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/section.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { linkedAccountsQuery, unlinkAccount } from "../../queries/accounts.ts";
import { useAdapterLabels } from "../../queries/integrations.ts";

/** Providers that are no channel. */
const providers: Record<string, string> = { github: "GitHub" };

/** Who one is on other platforms: what somebody chooses there, one has chosen. */
export const LinkedAccounts = () => {
	const accounts = useQuery(linkedAccountsQuery());
	const adapterLabel = useAdapterLabels();
	const items = accounts.data?.items ?? [];
	return (
		<Section
			id="linked-accounts-heading"
			title="Linked accounts"
			about="Who you are elsewhere. What that person decides in a channel counts as yours, with your rights of that moment."
		>
			{accounts.isPending && <LoadingRows rows={2} />}
			{accounts.isError && accounts.data === undefined && <LoadError error={accounts.error} retry={() => void accounts.refetch()} />}
			{accounts.data !== undefined && items.length === 0 && (
				<EmptyState icon={IconLink} title="No account linked">
					When a channel asks you for a decision, press one of its buttons there: it answers with a link to this.
				</EmptyState>
			)}
			{items.length > 0 && (
				<ul className="rows card" aria-labelledby="linked-accounts-heading">
					{items.map((account) => (
						<AccountRow key={account.id} account={account} provider={providers[account.provider] ?? adapterLabel(account.provider)} />
					))}
				</ul>
			)}
		</Section>
	);
};

const AccountRow = ({ account, provider }: { account: LinkedAccount; provider: string }) => {
	const client = useQueryClient();
	const [asking, setAsking] = useState(false);
	const { id, name, external_account, created_at } = account;
	return (
		<li className="row-folds">
			<div className="row-text">
				<div className="row-head">
					<strong>{name}</strong>
					<span className="dim">{provider}</span>
				</div>
				<div className="tiny dim wrap">
					Linked <Moment at={created_at} />
					{external_account !== null && <> · in {external_account}</>}
				</div>
			</div>
			<div className="row-actions">
				<Button variant="default" aria-label={`Unlink ${name} on ${provider}`} onClick={() => setAsking(true)}>
					Unlink
				</Button>
				<ConfirmModal
					opened={asking}
					onClose={() => setAsking(false)}
					title={`Unlink ${name} on ${provider}?`}
					confirmLabel="Unlink"
					act={async () => {
						await unlinkAccount(id);
						await client.invalidateQueries({ queryKey: linkedAccountsQuery().queryKey });
					}}
				>
					{account.provider in providers
						? `You can't sign in with it any more until you link it again.`
						: `What ${name} chooses there counts for nobody from then on. What was decided stays decided.`}
				</ConfirmModal>
			</div>
		</li>
	);
};
