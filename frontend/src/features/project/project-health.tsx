import type { ProjectHealth } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";
import { Section } from "../../components/section.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { healthQuery } from "../../queries/health.ts";
import { formatDuration } from "../../time/format.ts";
import "./project-health.css";

/** A timer that is due is raised within a second; so much later something is wrong. */
const lateMs = 60_000;

/** Whether everything that was accepted is where it must be. */
export const ProjectHealthView = ({ projectId }: { projectId: string }) => {
	const health = useQuery(healthQuery(projectId));
	const check = (
		<Button variant="default" leftSection={<IconRefresh size={14} />} onClick={() => void health.refetch()}>
			Check now
		</Button>
	);
	return (
		<Section
			id="health-heading"
			title="Health"
			about="Everything that was accepted must be answered, open, dead, cancelled or expired, and whatever waits must have something that will wake it. The worker checks it every minute."
			action={check}
		>
			{health.isPending && <LoadingRows rows={5} />}
			{health.isError && health.data === undefined && <LoadError error={health.error} retry={() => void health.refetch()} />}
			{health.data !== undefined && <Checked health={health.data} />}
		</Section>
	);
};

const Checked = ({ health: { checked_at, requests, deliveries, timers, violations } }: { health: ProjectHealth }) => {
	const { accepted, ...ends } = requests;
	const missing = accepted - Object.values(ends).reduce((sum, count) => sum + count, 0);
	return (
		<div className="health">
			{violations.length === 0 && missing === 0 ? (
				<Notice tone="green" title="Everything is where it must be">
					Checked <Moment at={checked_at} />.
				</Notice>
			) : (
				violations.map(({ rule, count, subjects, since }) => (
					<Notice key={rule} tone="red" title={`${rule}: ${count}`} alert>
						{since !== null && (
							<>
								Found <Moment at={since} />.{" "}
							</>
						)}
						See that a worker runs and what its log says. What stays is a defect: report it with these ids.{" "}
						<code>{subjects.join(", ")}</code>
					</Notice>
				))
			)}
			{missing !== 0 && violations.length === 0 && (
				<Notice tone="red" title={`${missing} requests are nowhere`} alert>
					They are neither open nor ended. Report it as a defect.
				</Notice>
			)}
			<Numbers title="Requests" total={["accepted", accepted]} parts={ends} />
			<Numbers title="Messages under way" parts={deliveries} />
			<p className="small dim">
				{timers.due === 0
					? "No timer is due."
					: `${timers.due} ${timers.due === 1 ? "timer is" : "timers are"} due, the oldest for ${formatDuration(timers.lag_ms)}${timers.lag_ms > lateMs ? ": nobody raises them. See that a worker runs" : ""}.`}
			</p>
		</div>
	);
};

type NumbersProps = { title: string; total?: [name: string, count: number]; parts: Record<string, number> };

/** What there is of each, and of all where that is known by itself. */
const Numbers = ({ title, total, parts }: NumbersProps) => (
	<section aria-label={title}>
		<h3 className="section-title">{title}</h3>
		<ul className="health-numbers card">
			{[...(total ? [total] : []), ...Object.entries(parts)].map(([name, count], index) => (
				<li key={name} data-sign={total === undefined || index === 0 ? undefined : index === 1 ? "=" : "+"}>
					<strong className="num">{count}</strong>
					<span className="tiny dim">{name}</span>
				</li>
			))}
		</ul>
	</section>
);
