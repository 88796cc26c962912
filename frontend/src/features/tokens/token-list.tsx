import type { ApiToken } from "@agentplanner/contracts";
import { Anchor, Button } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../../components/section.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { useRole } from "../../queries/rights.ts";
import { revokeToken, tokensQuery } from "../../queries/tokens.ts";
import { useNow } from "../../time/use-now.ts";
import { CreateTokenModal } from "./create-token-modal.tsx";
import { TokenRow } from "./token-row.tsx";

/** Keys for scripts and agents: those that work, and apart from them those that have ended. */
export const TokenList = ({ projectId }: { projectId: string }) => {
	const client = useQueryClient();
	const now = useNow();
	const role = useRole(projectId);
	const tokens = useQuery(tokensQuery(projectId));
	const [creating, setCreating] = useState(false);
	const items = tokens.data?.items ?? [];
	const isLive = (token: ApiToken) => token.revoked_at === null && (token.expires_at === null || Date.parse(token.expires_at) > now);
	const live = items.filter(isLive);
	const ended = items.filter((token) => !isLive(token));
	const newButton = (
		<Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
			New token
		</Button>
	);
	return (
		<Section
			id="tokens-heading"
			title="API tokens"
			about={
				<>
					Keys for scripts and agents. A token can never do more than its owner can today
					{role === "viewer" && ": yours, a viewer's, can read but neither ask nor change"}. What there is to call:{" "}
					<Anchor href="/api/docs" inherit underline="always">
						the API
					</Anchor>
					.
				</>
			}
			action={items.length > 0 && newButton}
		>
			{tokens.isPending && <LoadingRows rows={4} />}
			{tokens.isError && tokens.data === undefined && <LoadError error={tokens.error} retry={() => void tokens.refetch()} />}
			{tokens.data !== undefined && items.length === 0 && (
				<EmptyState icon={IconKey} title="No tokens yet" action={newButton}>
					{role === "viewer"
						? "With a token a script reads plans, requests and answers. Asking agents takes an editor."
						: "With a token a script asks agents, and an agent reads and answers what was sent to it."}
				</EmptyState>
			)}
			{live.length > 0 && (
				<ul className="rows card" aria-label="Tokens that work">
					{live.map((token) => (
						<TokenRow
							key={token.id}
							token={token}
							state="live"
							revoke={async () => {
								await revokeToken(projectId, token.id);
								await client.invalidateQueries({ queryKey: tokensQuery(projectId).queryKey });
							}}
						/>
					))}
				</ul>
			)}
			{items.length > 0 && live.length === 0 && <p className="small dim">No token works any more.</p>}
			{ended.length > 0 && (
				<details className="ended">
					<summary className="section-title">Ended tokens ({ended.length})</summary>
					<ul className="rows card" aria-label="Ended tokens">
						{ended.map((token) => (
							<TokenRow key={token.id} token={token} state={token.revoked_at === null ? "expired" : "revoked"} />
						))}
					</ul>
				</details>
			)}
			<CreateTokenModal projectId={projectId} opened={creating} onClose={() => setCreating(false)} />
		</Section>
	);
};
