import type { CreatedNode, NodeKind } from "@agentplanner/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, useState } from "react";
import { afterSending } from "../../lib/after-sending.ts";
import { describeError, fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createNode, showNode } from "../../queries/plans.ts";
import { nodeKindLooks } from "./node-kinds.ts";
import { NodeTitleInput } from "./node-title-input.tsx";

export type Draft = { parentId: string | null; kind: NodeKind };

type Props = { projectId: string; planId: string; draft: Draft; level: number; onCreated: (node: CreatedNode) => void; onDone: () => void };

/** A node being typed. Enter adds it and stays for the next one; Escape or leaving it empty ends. */
export const DraftRow = ({ projectId, planId, draft, level, onCreated, onDone }: Props) => {
	const client = useQueryClient();
	const [title, setTitle] = useState("");
	const [keys] = useState(createSubmissionKeys);
	const look = nodeKindLooks[draft.kind];
	const create = useMutation({
		mutationFn: (sent: string) => {
			const body = { parent_id: draft.parentId, kind: draft.kind, title: sent };
			return createNode(projectId, planId, body, keys.keyFor(body));
		},
		onSuccess: (node, sent) => {
			keys.done();
			const { change_id: changeId, ...shown } = node;
			showNode(client, shown);
			onCreated(node);
			setTitle((current) => afterSending(current, sent));
		},
	});
	const problem = create.error === null ? null : (fieldErrors(create.error).title ?? describeError(create.error).detail);

	return (
		<div className="tree-draft">
			<div className="tree-row" style={{ "--level": level } as CSSProperties}>
				<span className="tree-twist" />
				<look.icon size={16} aria-hidden className="dim" />
				<NodeTitleInput
					label={`Title of the new ${look.label.toLowerCase()}`}
					placeholder={`New ${look.label.toLowerCase()}: type a title, Enter adds it`}
					value={title}
					invalid={problem !== null}
					onChange={setTitle}
					onEnter={() => {
						if (!create.isPending && title.trim() !== "") create.mutate(title);
					}}
					onEscape={onDone}
					onLeave={() => {
						if (title.trim() === "" && !create.isPending) onDone();
					}}
				/>
			</div>
			{problem !== null && (
				<p className="tree-problem" role="alert">
					Not added: {problem}
				</p>
			)}
		</div>
	);
};
