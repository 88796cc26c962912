import type { ReplayJob } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { apiQueries } from "../../lib/api-client.ts";
import { replaysQuery, switchReplay } from "../../queries/dead-letters.ts";

/** The replays under way, and how the last ones ended. */
export const ReplayList = ({ projectId }: { projectId: string }) => {
	const jobs = useQuery(replaysQuery(projectId)).data?.items ?? [];
	const [under, over] = [jobs.filter(isUnderWay), jobs.filter((job) => !isUnderWay(job))];
	if (jobs.length === 0) return null;
	return (
		<section aria-labelledby="replays-heading" className="dead-section">
			<h2 className="section-title" id="replays-heading">
				Sent again
			</h2>
			{under.map((job) => (
				<Running key={job.id} job={job} />
			))}
			{over.length > 0 && (
				<details>
					<summary className="small dim">{over.length === 1 ? "The last one" : `The last ${over.length}`} that ended</summary>
					<ul className="rows card">
						{over.map((job) => (
							<li key={job.id}>
								<span className="row-text wrap">
									<span>
										{job.state === "cancelled" ? "Cancelled" : "Finished"}: <span className="num">{job.done}</span> of {job.total} sent, by{" "}
										{job.created_by}
									</span>
									<Skipped job={job} />
								</span>
								<span className="tiny dim">
									<Moment at={job.finished_at ?? job.created_at} />
								</span>
							</li>
						))}
					</ul>
				</details>
			)}
		</section>
	);
};

const isUnderWay = ({ state }: ReplayJob): boolean => state === "running" || state === "paused";

const passedOver = ({ skipped }: ReplayJob): number => skipped.reduce((sum, { count }) => sum + count, 0);

const Running = ({ job }: { job: ReplayJob }) => {
	const client = useQueryClient();
	const move = useMutation({
		mutationFn: (verb: keyof typeof switchReplay) => switchReplay[verb](job.project_id, job.id),
		onSettled: () => client.invalidateQueries({ queryKey: apiQueries.deadLetters.key() }),
	});
	const label = `${job.state === "paused" ? "Paused" : "Sending again"}: ${job.done} of ${job.total}`;
	return (
		<div className="card replay">
			<div className="cause-head">
				<div>
					<strong>{label}</strong>
					<div className="tiny dim">
						at most {job.rate_per_second} in a second · begun by {job.created_by} <Moment at={job.created_at} />
					</div>
				</div>
				<div className="cause-actions bar-end">
					{job.state === "running" ? (
						<Button variant="default" size="compact-sm" disabled={move.isPending} onClick={() => move.mutate("pause")}>
							Pause
						</Button>
					) : (
						<Button variant="default" size="compact-sm" disabled={move.isPending} onClick={() => move.mutate("resume")}>
							Resume
						</Button>
					)}
					<Button variant="subtle" color="red" size="compact-sm" disabled={move.isPending} onClick={() => move.mutate("cancel")}>
						Cancel
					</Button>
				</div>
			</div>
			<progress className="replay-bar" value={job.done + passedOver(job)} max={job.total} aria-label={label} />
			<Skipped job={job} />
			{move.error !== null && <ErrorNotice error={move.error} />}
		</div>
	);
};

const Skipped = ({ job: { skipped } }: { job: ReplayJob }) =>
	skipped.length === 0 ? null : (
		<ul className="skipped tiny dim">
			{skipped.map(({ reason, message, count }) => (
				<li key={reason}>
					<span className="num">{count}</span> passed over: {message}
				</li>
			))}
		</ul>
	);
