import { type Decision, lacksComment, reviseOption } from "@agentplanner/contracts";
import { Button, Group, Textarea } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { z } from "zod";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { cancelDecision, decide, decisionsKey } from "../../queries/decisions.ts";

const looks: Record<string, { variant: string; color?: string }> = {
	approve: { variant: "filled" },
	reject: { variant: "outline", color: "red" },
	[reviseOption.id]: { variant: "light" },
};

type Props = { decision: Decision; mayDecide: boolean; mayCancel: boolean };

/** One button per option, with a comment; stays with what was typed where somebody else was first. */
export const DecideForm = ({ decision, mayDecide, mayCancel }: Props) => {
	const client = useQueryClient();
	const draftKey = `decide:${decision.id}`;
	const [comment, setComment] = useState(() => loadDraft(draftKey, z.string()) ?? "");
	const { project_id: projectId, id } = decision;
	const [unsaid, setUnsaid] = useState(false);
	const words = useRef<HTMLTextAreaElement>(null);
	const change = (next: string) => {
		setComment(next);
		setUnsaid(false);
		if (next === "") dropDraft(draftKey);
		else keepDraft(draftKey, next);
	};
	const onSettled = () => client.invalidateQueries({ queryKey: decisionsKey(projectId) });
	const choose = useMutation({
		mutationFn: (option_id: string) => decide(projectId, id, { option_id, comment }),
		onSuccess: () => change(""),
		onSettled,
	});
	const press = (option_id: string) => {
		if (!lacksComment({ option_id, comment })) return choose.mutate(option_id);
		setUnsaid(true);
		words.current?.focus();
	};
	const withdraw = useMutation({ mutationFn: () => cancelDecision(projectId, id), onSettled });
	const error = choose.error ?? withdraw.error;
	const busy = choose.isPending || withdraw.isPending;

	if (decision.status !== "pending") {
		if (busy || (comment === "" && !isProblem(choose.error, "conflict"))) return null;
		return (
			<Notice tone="amber" title="Your choice was not recorded: this ended before" alert>
				{comment !== "" && <div className="pre">You wrote: {comment}</div>}
				<Button
					size="compact-xs"
					variant="default"
					mt={6}
					onClick={() => {
						change("");
						choose.reset();
					}}
				>
					All right
				</Button>
			</Notice>
		);
	}
	if (!mayDecide && !mayCancel) return null;
	return (
		<div className="decide">
			{mayDecide && (
				<Textarea
					ref={words}
					label="Comment"
					error={unsaid ? "Say what has to change" : (fieldErrors(choose.error).comment ?? null)}
					placeholder="Why, or what to mind"
					autosize
					minRows={1}
					maxRows={8}
					value={comment}
					onChange={(event) => change(event.currentTarget.value)}
				/>
			)}
			{error !== null && <ErrorNotice error={error} />}
			<Group gap="xs" role="group" aria-label="Decide">
				{mayDecide &&
					decision.options.map((option) => (
						<Button
							key={option.id}
							{...(looks[option.id] ?? { variant: "default" })}
							loading={choose.isPending && choose.variables === option.id}
							disabled={busy}
							onClick={() => press(option.id)}
							leftSection={option.id === decision.recommendation?.option_id && <IconStarFilled size={12} aria-label="Recommended:" />}
						>
							{option.label}
						</Button>
					))}
				{mayCancel && (
					<Button
						variant="subtle"
						color="gray"
						ml="auto"
						loading={withdraw.isPending}
						disabled={choose.isPending}
						onClick={() => withdraw.mutate()}
					>
						Withdraw
					</Button>
				)}
			</Group>
		</div>
	);
};
