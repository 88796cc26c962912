import type { Member, Role } from "@agentplanner/contracts";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLogout, IconUserMinus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { changeMember, membersQuery, removeMember } from "../../queries/members.ts";
import { sessionQuery } from "../../queries/session.ts";
import { RoleSelect } from "./role-select.tsx";
import { roleWords } from "./role-words.ts";

type Props = { projectId: string; member: Member; isMe: boolean; mayChange: boolean; ownerToo: boolean; onLeft: () => void };

export const MemberRow = ({ projectId, member, isMe, mayChange, ownerToo, onLeft }: Props) => {
	const client = useQueryClient();
	const refresh = () =>
		Promise.all([
			client.invalidateQueries({ queryKey: membersQuery(projectId).queryKey }),
			isMe && client.invalidateQueries({ queryKey: sessionQuery().queryKey }),
		]);
	const change = useMutation({ mutationFn: (role: Role) => changeMember(projectId, member.user_id, role), onSettled: refresh });
	return (
		<li className="row-folds">
			<div className="row-text">
				<div className="row-head">
					<strong>{member.name}</strong>
					{isMe && <span className="tiny dim">you</span>}
				</div>
				<div className="tiny dim wrap">{member.email}</div>
				{change.error !== null && <ErrorNotice error={change.error} />}
			</div>
			<div className="row-actions">
				{mayChange ? (
					<RoleSelect
						aria-label={`Role of ${member.name}`}
						size="xs"
						w={110}
						ownerToo={ownerToo}
						disabled={change.isPending}
						value={change.isPending ? change.variables : member.role}
						onChange={change.mutate}
					/>
				) : (
					<span className="dim">{roleWords[member.role].label}</span>
				)}
				{(mayChange || isMe) && (
					<RemoveButton
						member={member}
						isMe={isMe}
						remove={async () => {
							await removeMember(projectId, member.user_id);
							if (isMe) onLeft();
							else await refresh();
						}}
					/>
				)}
			</div>
		</li>
	);
};

const RemoveButton = ({ member, isMe, remove }: { member: Member; isMe: boolean; remove: () => Promise<void> }) => {
	const [asking, setAsking] = useState(false);
	return (
		<>
			<Tooltip label={isMe ? "Leave the project" : "Remove from the project"}>
				<ActionIcon
					variant="subtle"
					color="gray"
					aria-label={isMe ? "Leave the project" : `Remove ${member.name}`}
					onClick={() => setAsking(true)}
				>
					{isMe ? <IconLogout size={16} /> : <IconUserMinus size={16} />}
				</ActionIcon>
			</Tooltip>
			<ConfirmModal
				opened={asking}
				onClose={() => setAsking(false)}
				title={isMe ? "Leave this project?" : `Remove ${member.name}?`}
				confirmLabel={isMe ? "Leave" : "Remove"}
				act={remove}
			>
				{isMe
					? "You won't see it any more. Your tokens for it, those you made for agents and the invitations you sent end at once. Only a new invitation brings you back."
					: "They won't see the project any more. Their tokens for it, those they made for agents and the invitations they sent end at once. What they wrote stays."}
			</ConfirmModal>
		</>
	);
};
