import type { ApiToken } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconCircleCheckFilled, IconCircleOff, IconClockExclamation } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { Moment } from "../../components/moment.tsx";
import { type Look, StatusBadge } from "../../components/status.tsx";
import { describeScopes } from "./scope-words.ts";

type State = "live" | "expired" | "revoked";

const looks: Record<State, Look> = {
	live: { label: "Works", tone: "green", icon: IconCircleCheckFilled },
	expired: { label: "Expired", tone: "gray", icon: IconClockExclamation },
	revoked: { label: "Revoked", tone: "gray", icon: IconCircleOff },
};

export const TokenRow = ({ token, state, revoke }: { token: ApiToken; state: State; revoke?: () => Promise<void> }) => (
	<li className="row-folds">
		<div className="row-text">
			<div className="row-head">
				<strong>{token.name}</strong>
				<code className="tiny dim">{token.prefix}…</code>
				<StatusBadge look={looks[state]} />
			</div>
			<div className="tiny dim">
				{token.owner.agent_id === null ? "Of " : "Of the agent "}
				{token.owner.name}. {describeScopes(token.scopes)}.
			</div>
			<div className="tiny dim">
				{token.last_used_at === null ? (
					"Never used"
				) : (
					<>
						Last used <Moment at={token.last_used_at} />
					</>
				)}
				{" · "}
				<Ending token={token} />
			</div>
		</div>
		{revoke !== undefined && <RevokeButton token={token} revoke={revoke} />}
	</li>
);

const RevokeButton = ({ token, revoke }: { token: ApiToken; revoke: () => Promise<void> }) => {
	const [asking, setAsking] = useState(false);
	return (
		<div className="row-actions">
			<Button variant="default" aria-label={`Revoke ${token.name}`} onClick={() => setAsking(true)}>
				Revoke
			</Button>
			<ConfirmModal
				opened={asking}
				onClose={() => setAsking(false)}
				title={`Revoke “${token.name}”?`}
				confirmLabel="Revoke token"
				act={revoke}
			>
				Whatever uses it is refused from that moment on. This can't be undone; a new token can take its place.
			</ConfirmModal>
		</div>
	);
};

const Ending = ({ token: { revoked_at, expires_at } }: { token: ApiToken }) => {
	if (revoked_at !== null)
		return (
			<>
				Revoked <Moment at={revoked_at} />
			</>
		);
	if (expires_at === null) return "Doesn't expire";
	return (
		<>
			{Date.parse(expires_at) > Date.now() ? "Expires" : "Expired"} <Moment at={expires_at} />
		</>
	);
};
