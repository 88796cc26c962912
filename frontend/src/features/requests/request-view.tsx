import { isOpenRequest } from "@agentplanner/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ContextView } from "../../components/context-view.tsx";
import { DeliveryCard } from "../../components/delivery-card.tsx";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { isUndecided, requestDecisionsQuery } from "../../queries/decisions.ts";
import { integrationsQuery } from "../../queries/integrations.ts";
import { replyToAgent, requestQuery } from "../../queries/requests.ts";
import { useMay, useMayInPlan } from "../../queries/rights.ts";
import { formatDuration, formatMinute } from "../../time/format.ts";
import { AnswerBox } from "./answer-box.tsx";
import { conversationOf, questionsOf } from "./conversation.ts";
import { ConversationView } from "./conversation-view.tsx";
import { LadderView } from "./ladder-view.tsx";
import { RequestActions } from "./request-actions.tsx";
import { firstLine, requestLook } from "./request-look.ts";
import { describePolicy, summarizeRequest, waitsForRepair } from "./request-summary.ts";
import "./request-view.css";

type Props = {
	projectId: string;
	requestId: string;
	/** What people are to decide within it; stands below the conversation. */
	children: ReactNode;
};

/** Everything about one request: where it is, what was said, every attempt. */
export const RequestView = ({ projectId, requestId, children }: Props) => {
	const client = useQueryClient();
	const detail = useQuery(requestQuery(projectId, requestId));
	const may = useMayInPlan(projectId, detail.data?.request.plan_id);
	const seesIntegrations = useMay(projectId)("integrations:read");
	const integrations = useQuery({ ...integrationsQuery(projectId), enabled: seesIntegrations }).data?.items ?? [];
	const refused = new Set(integrations.filter(({ unauthorized_since }) => unauthorized_since !== null).map(({ id }) => id));
	const undecided = useQuery(requestDecisionsQuery(projectId, requestId)).data?.items.some(isUndecided) ?? false;
	if (detail.isPending) return <LoadingRows rows={7} />;
	if (detail.data === undefined) return <LoadError error={detail.error} retry={() => void detail.refetch()} />;

	const { request, deliveries, context } = detail.data;
	const open = isOpenRequest(request.status);
	const summary = summarizeRequest(detail.data, refused, undecided);
	const policy = request.targets.length > 1 || request.answer_policy.kind !== "first" ? describePolicy(request.answer_policy) : null;

	return (
		<article className="request" aria-label={`Request: ${firstLine(request.question)}`}>
			<header className="request-head">
				<div className="request-state" role="status">
					<StatusBadge look={requestLook(request, { waitsForRepair: waitsForRepair(detail.data, refused), undecided })} />
					{summary !== request.reason?.message && <span className="small">{summary}</span>}
				</div>
				<dl className="facts tiny">
					<div>
						<dt>{open ? "Running for" : "Took"}</dt>
						<dd>
							{open ? (
								<Elapsed from={request.created_at} to={null} />
							) : (
								<span className="num">
									{formatDuration(Date.parse(request.closed_at ?? request.updated_at) - Date.parse(request.created_at))}
								</span>
							)}
						</dd>
					</div>
					{open && (
						<div>
							<dt>Deadline</dt>
							<dd title={formatMinute(request.deadline_at)}>
								<Moment at={request.deadline_at} />
							</dd>
						</div>
					)}
					<div>
						<dt>Asked</dt>
						<dd>
							<Moment at={request.created_at} />
						</dd>
					</div>
					{policy !== null && (
						<div>
							<dt>Rule</dt>
							<dd>{policy}</dd>
						</div>
					)}
				</dl>
			</header>
			{request.reason !== null && (
				<Notice tone={request.status === "failed" ? "red" : "amber"} title={request.reason.message}>
					{request.reason.remedy}
				</Notice>
			)}
			{open && request.progress !== null && (
				<Notice tone="blue" title="Progress">
					<span className="pre">{request.progress}</span>
				</Notice>
			)}
			<ConversationView turns={conversationOf(detail.data)} />
			{children}
			{may("requests:create") &&
				questionsOf(detail.data).map(({ id, open: waits }) => (
					<div key={id} className="request-reply">
						<AnswerBox
							draftKey={`reply:${requestId}:${id}`}
							label="Your reply"
							placeholder="Answer the agent's question; it goes back the same way."
							submitLabel="Send reply"
							closed={waits ? null : "The agent no longer waits for this reply"}
							send={(text, key) => replyToAgent(projectId, requestId, text, key)}
							onSent={() => void client.invalidateQueries({ queryKey: requestQuery(projectId, requestId).queryKey })}
						/>
					</div>
				))}
			<RequestActions request={request} />
			<LadderView detail={detail.data} />
			<section aria-labelledby="deliveries-heading">
				<h2 className="section-title" id="deliveries-heading">
					Deliveries
				</h2>
				{deliveries.length === 0 ? (
					<p className="small dim">{open ? "None yet: they appear as soon as the request is sent out." : "It was never sent out."}</p>
				) : (
					<ol className="deliveries">
						{deliveries.map((delivery) => (
							<DeliveryCard
								key={delivery.id}
								delivery={delivery}
								mayRetry={may("deliveries:retry")}
								refused={refused.has(delivery.integration_id)}
								said={request.reason?.message ?? null}
							/>
						))}
					</ol>
				)}
			</section>
			{context !== null && (
				<details className="request-context">
					<summary className="section-title">Context that was sent</summary>
					<ContextView context={context} />
				</details>
			)}
		</article>
	);
};
