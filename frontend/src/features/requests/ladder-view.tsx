import { type AgentRequestDetail, type ClimbedStep, isOpenRequest, type LadderAction } from "@agentplanner/contracts";
import { IconArrowRight, IconBell, IconClock, IconFlag, IconSpeakerphone, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Moment } from "../../components/moment.tsx";
import "./ladder-view.css";

const icons: Record<LadderAction, TablerIcon> = {
	nudge: IconBell,
	next_agent: IconArrowRight,
	escalate: IconSpeakerphone,
	expire: IconFlag,
};

const ahead: Record<LadderAction, string> = {
	nudge: "Whoever owes an answer is reminded",
	next_agent: "The next one is asked, if there is one left",
	escalate: "People are told that it waits",
	expire: "It is given up",
};

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

const done: Record<ClimbedStep["do"], (reached: number) => string> = {
	nudge: (reached) => `Reminded ${counted(reached, "agent", "agents")}`,
	next_agent: () => "Asked the next one",
	escalate: (reached) => (reached === 0 ? "Told people, here alone" : `Told people, at ${counted(reached, "address", "addresses")}`),
};

/** What was done while nobody answered, and what will be if nobody does; nothing where there is neither. */
export const LadderView = ({ detail: { request, climbed } }: { detail: AgentRequestDetail }) => {
	const open = isOpenRequest(request.status);
	const coming = open ? (request.ladder?.ahead ?? []) : [];
	if (climbed.length + coming.length === 0) return null;
	const quiet = request.ladder?.quiet_hours;
	const isLast = coming.at(-1)?.do !== "expire";
	return (
		<section aria-labelledby="ladder-heading">
			<h2 className="section-title" id="ladder-heading">
				While nobody answers
			</h2>
			<ol className="ladder card">
				{climbed.map((step) => (
					<Step key={`${step.do} ${step.at}`} icon={icons[step.do]} at={step.at} isDone>
						{done[step.do](step.reached)}
					</Step>
				))}
				{coming.map((step) => (
					<Step key={`${step.do} ${step.due_at}`} icon={icons[step.do]} at={step.due_at}>
						{ahead[step.do]}
					</Step>
				))}
				{open && isLast && (
					<Step icon={IconClock} at={request.deadline_at}>
						The deadline ends it
					</Step>
				)}
			</ol>
			{open && quiet && (
				<p className="tiny dim ladder-note">
					From {quiet.from} to {quiet.until} in {quiet.time_zone.replaceAll("_", " ")}
					{quiet.weekends && " and at weekends"} nobody is reminded, asked next or told; that waits for the end.
				</p>
			)}
		</section>
	);
};

type StepProps = { icon: TablerIcon; at: string; isDone?: boolean; children: ReactNode };

const Step = ({ icon: Icon, at, isDone = false, children }: StepProps) => (
	<li data-done={isDone || undefined}>
		<Icon size={15} aria-hidden />
		<span className="ladder-text">
			{isDone && <span className="visually-hidden">Done: </span>}
			{children}
		</span>
		<span className="dim">
			<Moment at={at} />
		</span>
	</li>
);
