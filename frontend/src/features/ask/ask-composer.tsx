import type { AgentRequest, NodeSummary } from "@agentplanner/contracts";
import { Button, Modal, Textarea } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { Notice } from "../../components/notice.tsx";
import { dropDraft, keepDraft } from "../../lib/drafts.ts";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
import { agentsQuery } from "../../queries/agents.ts";
import { createRequest, nodeRequestsQuery, previewQuery } from "../../queries/requests.ts";
import { useMay } from "../../queries/rights.ts";
import { type AskDraft, deadlineOf, deadlineProblem, draftKey, openDraft, policyOf, targetsOf } from "./ask-draft.ts";
import { AskPreview } from "./ask-preview.tsx";
import { DeadlineField } from "./deadline-field.tsx";
import { TargetFields } from "./target-fields.tsx";
import "./ask-composer.css";

type Props = { node: NodeSummary; onClose: () => void; onAsked: (request: AgentRequest) => void };

export const AskComposer = ({ node, onClose, onAsked }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	return (
		<Modal
			opened
			onClose={onClose}
			size={960}
			fullScreen={phone}
			padding={0}
			title={
				<>
					Ask Agent <span className="dim ask-about">about “{node.title}”</span>
				</>
			}
			classNames={{ header: "ask-header", title: "page-title truncate" }}
			closeButtonProps={{ "aria-label": "Close; the draft is kept" }}
		>
			<AskForm node={node} onAsked={onAsked} />
		</Modal>
	);
};

const shownFields = ["question", "targets", "answer_policy", "deadline_at"];

const AskForm = ({ node, onAsked }: Omit<Props, "onClose">) => {
	const client = useQueryClient();
	// Guests don't see agents and channels: what they ask goes where the plan leads.
	const mayChoose = useMay(node.project_id)("agents:read");
	const [kept, setKept] = useState(() => openDraft(node.id));
	const draft: AskDraft = mayChoose ? kept : { ...kept, to: "default" };
	const [tried, setTried] = useState(false);
	const change = (part: Partial<AskDraft>) => {
		const next = { ...draft, ...part };
		setKept(next);
		keepDraft(draftKey(node.id), next);
	};

	const agents = useQuery({ ...agentsQuery(node.project_id), enabled: mayChoose });
	const known = agents.data?.items ?? [];
	const onlyAgent = known.length === 1 ? known.map((agent) => agent.id) : [];
	const agentIds = draft.agentIds?.filter((id) => known.some((agent) => agent.id === id)) ?? onlyAgent;
	const targets = targetsOf(draft, agentIds);
	const [previewed] = useDebouncedValue(targets, 250);
	// Before the choice is made it still tells the context.
	const preview = useQuery(previewQuery(node.project_id, node.id, previewed ?? []));

	const ask = useMutation({
		mutationFn: (idempotencyKey: string) => {
			const deadline_at = deadlineOf(draft, Date.now());
			const body = { node_id: node.id, question: draft.question, targets: targets ?? [], answer_policy: policyOf(draft, agentIds.length) };
			return createRequest(node.project_id, deadline_at === undefined ? body : { ...body, deadline_at }, idempotencyKey);
		},
		onSuccess: (request) => {
			dropDraft(draftKey(node.id));
			void client.invalidateQueries({ queryKey: nodeRequestsQuery(node.project_id, node.id).queryKey });
			onAsked(request);
		},
	});

	const errors = fieldErrors(ask.error);
	const reused = isProblem(ask.error, "idempotency_key_reused");
	const questionError = tried && draft.question.trim() === "" ? "Write what you want to know" : errors.question;
	const problem = previewed === null ? null : (preview.data?.problem ?? null);

	const deadlineError = (tried ? deadlineProblem(draft, Date.now()) : null) ?? errors.deadline_at;

	const send = (key = draft.key) => {
		setTried(true);
		if (ask.isPending || draft.question.trim() === "" || targets === null || deadlineProblem(draft, Date.now()) !== null) return;
		ask.mutate(key);
	};
	const askAnew = () => {
		const key = randomId();
		change({ key });
		send(key);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
		event.preventDefault();
		send();
	};

	return (
		<form
			className="ask"
			onKeyDown={onKeyDown}
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<div className="ask-form">
				<Textarea
					label="Question"
					placeholder="What should the agent do or find out?"
					data-autofocus
					required
					autosize
					minRows={7}
					maxRows={16}
					value={draft.question}
					onChange={(event) => change({ question: event.currentTarget.value })}
					error={questionError ?? null}
				/>
				<TargetFields
					projectId={node.project_id}
					mayChoose={mayChoose}
					draft={draft}
					agentIds={agentIds}
					change={change}
					error={errors.targets ?? (tried && targets === null ? "Choose whom to ask" : undefined)}
					policyError={errors.answer_policy}
				/>
				<DeadlineField value={draft.deadline} onChange={(deadline) => change({ deadline })} error={deadlineError} />
			</div>
			<div className="ask-problem">
				{reused ? (
					<Notice tone="orange" title="An earlier version of this question was recorded already" alert>
						It is in the task's requests. Send what is here now as another question?
						<div style={{ marginTop: 6 }}>
							<Button size="compact-xs" onClick={askAnew}>
								Ask as a new question
							</Button>
						</div>
					</Notice>
				) : (
					<FormProblem error={ask.error} shown={shownFields} />
				)}
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className="ask-preview" aria-label="Preview" tabIndex={0}>
				<AskPreview
					query={preview}
					waiting={previewed === null ? "Choose whom to ask to see where it goes." : null}
					stale={previewed !== targets && JSON.stringify(previewed) !== JSON.stringify(targets)}
				/>
			</section>
			<footer className="ask-foot">
				<span className="tiny dim">
					<span className="kbd">Ctrl</span>/<span className="kbd">⌘</span> <span className="kbd">Enter</span> sends. Closing keeps the
					draft.
				</span>
				<Button type="submit" size="sm" leftSection={<IconSend size={15} />} loading={ask.isPending} disabled={problem !== null}>
					Ask
				</Button>
			</footer>
		</form>
	);
};
