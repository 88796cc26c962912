import type { AgentRequest, RespondInput } from "@agentplanner/contracts";
import { isOpenRequest } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconBan, IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { cancelRequest, requestQuery, respondToRequest } from "../../queries/requests.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { AnswerBox } from "./answer-box.tsx";

type Mode = "idle" | "answer" | "cancel";

/** What a person can do with an open request: answer it instead of the agent, or cancel it. */
export const RequestActions = ({ request }: { request: AgentRequest }) => {
	const client = useQueryClient();
	const may = useMayInPlan(request.project_id, request.plan_id);
	const [mode, setMode] = useState<Mode>("idle");
	const refresh = () => client.invalidateQueries({ queryKey: requestQuery(request.project_id, request.id).queryKey });
	const done = () => {
		setMode("idle");
		void refresh();
	};
	const respond = (body: RespondInput, key: string) => respondToRequest(request.project_id, request.id, body, key);
	const cancel = useMutation({ mutationFn: () => cancelRequest(request.project_id, request.id), onSuccess: done });

	const open = isOpenRequest(request.status);
	if (mode === "answer") {
		return (
			<AnswerBox
				draftKey={`answer:${request.id}`}
				label="Answer it yourself"
				placeholder="Your answer counts like an agent's. Markdown works."
				submitLabel="Answer"
				autoFocus
				closed={open ? null : "Meanwhile this request was closed"}
				send={(text, key) => respond({ type: "answer", text }, key)}
				onSent={(emptied) => (emptied ? done() : void refresh())}
				onCancel={() => setMode("idle")}
			>
				{(text) => <DeclineButton text={text} decline={(key) => respond({ type: "declined", text }, key)} onDone={done} />}
			</AnswerBox>
		);
	}
	if (!open || !(may("requests:answer") || may("requests:cancel"))) return null;
	return (
		<div>
			{mode === "cancel" ? (
				<Group gap="xs">
					<span className="small">Cancel this request for everybody who was asked?</span>
					<Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
						Cancel request
					</Button>
					<Button variant="default" onClick={() => setMode("idle")}>
						Keep it
					</Button>
				</Group>
			) : (
				<Group gap="xs">
					<Button variant="default" leftSection={<IconPencil size={14} />} onClick={() => setMode("answer")}>
						Answer it yourself
					</Button>
					<Button variant="default" leftSection={<IconBan size={14} />} onClick={() => setMode("cancel")}>
						Cancel request
					</Button>
				</Group>
			)}
			{cancel.error !== null && <ErrorNotice error={cancel.error} />}
		</div>
	);
};

type DeclineProps = { text: string; decline: (key: string) => Promise<unknown>; onDone: () => void };

const DeclineButton = ({ text, decline, onDone }: DeclineProps) => {
	const [keys] = useState(createSubmissionKeys);
	const submit = useMutation({ mutationFn: () => decline(keys.keyFor(text)), onSuccess: onDone });
	return (
		<>
			{submit.error !== null && <ErrorNotice error={submit.error} />}
			<Button variant="subtle" color="gray" loading={submit.isPending} onClick={() => submit.mutate()}>
				Decline
			</Button>
		</>
	);
};
