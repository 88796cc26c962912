import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { Moment } from "../../components/moment.tsx";
import type { Turn } from "./conversation.ts";
import "./conversation-view.css";

const verbs: Record<Turn["kind"], string> = {
	question: "asked",
	answer: "answered",
	declined: "declined",
	input_required: "asked back",
	reply: "replied",
};

export const ConversationView = ({ turns }: { turns: Turn[] }) => (
	<ol className="conversation">
		{turns.map((turn) => (
			<li key={`${turn.kind}-${turn.id}`} className="turn" data-kind={turn.kind} data-superseded={turn.superseded}>
				<div className="turn-head">
					<span>
						<strong>{turn.author}</strong> {verbs[turn.kind]}
						{turn.superseded && " (came later, kept)"}
						{turn.pending && " (being recorded…)"}
					</span>
					<span className="tiny dim">
						<Moment at={turn.at} />
					</span>
				</div>
				{turn.kind === "question" || turn.kind === "reply" ? (
					<div className="pre">{turn.text}</div>
				) : (
					<UntrustedMarkdown text={turn.text === "" ? "_No reason given._" : turn.text} />
				)}
			</li>
		))}
	</ol>
);
