import { type DeadLetter, type DeadLetterFilter, type ReasonCode, reasonCatalogue } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { DeliveryCard, deliveryKindWords } from "../../components/delivery-card.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { apiQueries } from "../../lib/api-client.ts";
import { type DeadLetterState, deadLettersQuery, restoreDelivery } from "../../queries/dead-letters.ts";
import { DiscardModal } from "./discard-modal.tsx";

type Props = { projectId: string; filter: DeadLetterFilter; state: DeadLetterState; mayRetry: boolean };

export const DeadLetterList = ({ projectId, filter, state, mayRetry }: Props) => {
	const letters = useInfiniteQuery(deadLettersQuery(projectId, filter, state));
	const [discarding, setDiscarding] = useState<string | null>(null);
	const items = letters.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<section aria-labelledby="letters-heading" className="dead-section">
			<h2 className="section-title" id="letters-heading">
				{state === "discarded" ? "Discarded" : "One by one"}
			</h2>
			{letters.isPending && <LoadingRows rows={4} />}
			{letters.isError && letters.data === undefined && <LoadError error={letters.error} retry={() => void letters.refetch()} />}
			{letters.data !== undefined && items.length === 0 && <p className="small dim">There is nothing here.</p>}
			{items.length > 0 && (
				<ul className="letters card">
					{items.map((letter) => (
						<Letter key={letter.id} letter={letter} mayRetry={mayRetry} onDiscard={() => setDiscarding(letter.id)} />
					))}
				</ul>
			)}
			<LoadMore query={letters} label="Show older ones" />
			<DiscardModal
				projectId={projectId}
				target={{ deliveryId: discarding ?? "" }}
				opened={discarding !== null}
				onClose={() => setDiscarding(null)}
			/>
		</section>
	);
};

/** Open, with everything that was tried; drawn only then. */
const Letter = ({ letter, mayRetry, onDiscard }: { letter: DeadLetter; mayRetry: boolean; onDiscard: () => void }) => {
	const [open, setOpen] = useState(false);
	const title = letter.title ?? letter.event?.type ?? letter.message?.text ?? deliveryKindWords[letter.kind];
	const code = letter.reason?.code ?? "";
	return (
		<li>
			<details onToggle={(event) => setOpen(event.currentTarget.open)}>
				<summary className="letter-head">
					<span className="letter-text">
						<strong className="truncate">{title}</strong>
						<span className="truncate tiny dim">
							{deliveryKindWords[letter.kind]} to {letter.agent_name ?? letter.integration_name} ·{" "}
							{reasonCatalogue[code as ReasonCode]?.title ?? code} after {letter.attempt_count}{" "}
							{letter.attempt_count === 1 ? "attempt" : "attempts"}
						</span>
					</span>
					<span className="tiny dim">
						<Moment at={letter.created_at} />
					</span>
				</summary>
				{open && <LetterBody letter={letter} mayRetry={mayRetry} onDiscard={onDiscard} />}
			</details>
		</li>
	);
};

const LetterBody = ({ letter, mayRetry, onDiscard }: { letter: DeadLetter; mayRetry: boolean; onDiscard: () => void }) => {
	const { project_id: projectId, agent_request_id: requestId } = letter;
	const client = useQueryClient();
	const restore = useMutation({
		mutationFn: () => restoreDelivery(projectId, letter.id),
		onSuccess: () => client.invalidateQueries({ queryKey: apiQueries.deadLetters.key() }),
	});
	return (
		<div className="letter-body">
			<ul className="deliveries">
				<DeliveryCard delivery={letter} mayRetry={mayRetry} refused={false} said={null} />
			</ul>
			{restore.error !== null && <ErrorNotice error={restore.error} />}
			<div className="cause-actions">
				{requestId !== null && (
					<Link to="/projects/$projectId/requests/$requestId" params={{ projectId, requestId }} className="text-link small">
						Open its request
					</Link>
				)}
				{mayRetry &&
					(letter.discarded === null ? (
						<Button variant="subtle" color="gray" size="compact-sm" className="bar-end" onClick={onDiscard}>
							Discard…
						</Button>
					) : (
						<Button variant="default" size="compact-sm" className="bar-end" loading={restore.isPending} onClick={() => restore.mutate()}>
							Bring back
						</Button>
					))}
			</div>
		</div>
	);
};
