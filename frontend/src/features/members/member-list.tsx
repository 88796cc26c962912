import type { Member } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../../components/section.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { membersQuery } from "../../queries/members.ts";
import { useMay, useRole } from "../../queries/rights.ts";
import { sessionQuery } from "../../queries/session.ts";
import { InvitationList } from "./invitation-list.tsx";
import { InviteModal } from "./invite-modal.tsx";
import { MemberRow } from "./member-row.tsx";

type Props = { projectId: string; onLeft: () => void };

/** Who may do what in the project, and who is invited. */
export const MemberList = ({ projectId, onLeft }: Props) => {
	const members = useQuery(membersQuery(projectId));
	const myId = useQuery(sessionQuery()).data?.user.id;
	const role = useRole(projectId);
	const manages = useMay(projectId)("members:write");
	const [inviting, setInviting] = useState(false);
	// Owners are handled by owners alone.
	const mayHandle = (member: Member) => manages && (role === "owner" || member.role !== "owner");
	return (
		<>
			<Section
				id="members-heading"
				title="Members"
				about={manages ? "Who may do what in this project." : "Who may do what in this project. Owners and admins change it."}
				action={
					manages && (
						<Button leftSection={<IconUserPlus size={14} />} onClick={() => setInviting(true)}>
							Invite
						</Button>
					)
				}
			>
				{members.isPending && <LoadingRows rows={4} />}
				{members.isError && members.data === undefined && <LoadError error={members.error} retry={() => void members.refetch()} />}
				{members.data !== undefined && (
					<ul className="rows card" aria-labelledby="members-heading">
						{members.data.items.map((member) => (
							<MemberRow
								key={member.user_id}
								projectId={projectId}
								member={member}
								isMe={member.user_id === myId}
								mayChange={mayHandle(member)}
								ownerToo={role === "owner"}
								onLeft={onLeft}
							/>
						))}
					</ul>
				)}
			</Section>
			{manages && (
				<>
					<InvitationList projectId={projectId} />
					<InviteModal projectId={projectId} opened={inviting} onClose={() => setInviting(false)} ownerToo={role === "owner"} />
				</>
			)}
		</>
	);
};
