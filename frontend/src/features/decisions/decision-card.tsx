import type { Action, Decision } from "@agentplanner/contracts";
import { IconStarFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { Moment } from "../../components/moment.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { isUndecided } from "../../queries/decisions.ts";
import { useAdapterLabels } from "../../queries/integrations.ts";
import { usePlanRights } from "../../queries/rights.ts";
import { sessionQuery } from "../../queries/session.ts";
import { DecideForm } from "./decide-form.tsx";
import { blockingLook, decisionLook, describeEnd, describeRule, optionLabel } from "./decision-look.ts";
import { DecisionMessages } from "./decision-messages.tsx";
import "./decision-card.css";

/** Why I may not decide it; null if I may. */
const useObstacle = (decision: Decision, may: (action: Action) => boolean): string | null => {
	const me = useQuery(sessionQuery()).data?.user.id;
	const { deciders, on_expiry, lapsed_at } = decision;
	if (!may("decisions:decide")) return "You are a viewer here: deciding takes an editor.";
	if (deciders.length === 0 || deciders.some(({ user_id }) => user_id === me)) return null;
	if (on_expiry === "escalate" && lapsed_at !== null && may("plans:manage")) return null;
	return `Only ${deciders.map(({ name }) => name).join(" or ")} may decide this.`;
};

/** One question to people: what it is about, who asked, and how to decide it, or how it ended. `sought`: a link led here. */
export const DecisionCard = ({ decision, sought }: { decision: Decision; sought: boolean }) => {
	const card = useRef<HTMLLIElement>(null);
	const { plan, may } = usePlanRights(decision.project_id, decision.plan.id);
	const obstacle = useObstacle(decision, may);
	const adapterLabel = useAdapterLabels();
	const pending = decision.status === "pending";
	const end = describeEnd(decision, adapterLabel);
	const rule = describeRule(decision);
	useEffect(() => {
		if (!sought) return;
		card.current?.scrollIntoView({ block: "start" });
		card.current?.focus({ preventScroll: true });
	}, [sought]);
	return (
		<li ref={card} tabIndex={-1} className="decision card" data-undecided={isUndecided(decision)}>
			<div className="decision-head">
				<span role="status" className="decision-state">
					<StatusBadge look={decisionLook(decision)} />
					{pending && decision.urgency === "blocking" && <StatusBadge look={blockingLook} />}
				</span>
				<span className="tiny dim decision-moment">
					<Moment at={decision.closed_at ?? decision.created_at} />
				</span>
			</div>
			<p className="decision-question pre">{decision.question}</p>
			{end !== null && <p className="tiny dim wrap">{end}</p>}
			{decision.comment !== "" && <blockquote className="decision-comment pre">{decision.comment}</blockquote>}
			{pending && decision.details !== "" && <UntrustedMarkdown text={decision.details} />}
			{pending && decision.recommendation !== null && (
				<p className="decision-recommendation wrap">
					<IconStarFilled size={13} aria-hidden />
					<span>
						{decision.asked_by} recommends <b>{optionLabel(decision, decision.recommendation.option_id)}</b>
						{decision.recommendation.reason !== "" && <span className="pre">: {decision.recommendation.reason}</span>}
					</span>
				</p>
			)}
			{pending && (
				<p className="tiny dim wrap">
					Asked by {decision.asked_by}
					{decision.expires_at !== null && (
						<>
							{" · "}
							{decision.lapsed_at === null ? "deadline " : "deadline was "}
							<Moment at={decision.expires_at} />, {rule}
						</>
					)}
					{decision.deciders.length > 0 && obstacle === null && ` · for ${decision.deciders.map(({ name }) => name).join(", ")}`}
				</p>
			)}
			{pending && <DecisionMessages decision={decision} isPrivate={plan?.visibility === "private"} />}
			{pending && plan !== null && obstacle !== null && <p className="tiny dim">{obstacle}</p>}
			<DecideForm decision={decision} mayDecide={obstacle === null} mayCancel={may("decisions:cancel")} />
		</li>
	);
};
