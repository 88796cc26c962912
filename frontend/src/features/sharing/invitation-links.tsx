import type { CreatedInvitation } from "@agentplanner/contracts";
import { CopyValue } from "../../components/copy-value.tsx";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { invitationLink } from "../../lib/invitation-link.ts";

/** The links of those who were invited just now, newest first: nobody can read them again later. */
export const InvitationLinks = ({ invitations }: { invitations: CreatedInvitation[] }) =>
	invitations.map(({ id, email, token, expires_at }) => (
		<Notice key={id} tone="amber" title={`Send this link to ${email} yourself`}>
			AgentPlanner sends no mails. It is shown until you close this window, works for that address alone, and expires{" "}
			<Moment at={expires_at} />.
			<CopyValue label={`invitation link of ${email}`} value={invitationLink(window.location.origin, token)} />
		</Notice>
	));
