import type { HealthReport, ListedIntegration, ListeningStatus } from "@agentplanner/contracts";
import { Moment } from "../../components/moment.tsx";
import { listeningLooks } from "../../components/status.tsx";
import { formatCountdown, formatMoment } from "../../time/format.ts";
import { useNow } from "../../time/use-now.ts";
import { healthOf } from "./health.ts";
import { sayListening } from "./listening.ts";
import "./health-panel.css";

/** How it stands now, what waits, and apart from that what the last test found. */
export const HealthPanel = ({ integration }: { integration: ListedIntegration }) => {
	const { look, since, sentence, cause, nextTry } = healthOf(integration);
	const { waiting_deliveries: waiting, health_report: report, listening, waits_since, in_flight } = integration;
	return (
		<dl className="health small">
			<div>
				<dt>Now</dt>
				<dd>
					<strong className={`tone-${look.tone} health-now`}>{look.label}</strong>
					{since !== null && (
						<>
							{" since "}
							<Moment at={since} />
						</>
					)}
					. {sentence}
					{cause !== null && <div className="dim wrap">{cause}</div>}
				</dd>
			</div>
			{nextTry !== null && (
				<div>
					<dt>Next try</dt>
					<dd>
						<Countdown at={nextTry} />
					</dd>
				</div>
			)}
			{listening !== null && (
				<div>
					<dt>Answers</dt>
					<dd>
						<Listening status={listening} />
					</dd>
				</div>
			)}
			<div>
				<dt>Waiting</dt>
				<dd>
					{waiting === 0 ? "Nothing" : waiting === 1 ? "1 delivery" : `${waiting} deliveries`}
					{waits_since !== null && (
						<>
							, for its turn since <Moment at={waits_since} />
						</>
					)}
					{in_flight > 0 && `; ${in_flight} under way`}
				</dd>
			</div>
			<div>
				<dt>Last test</dt>
				<dd>{report === null ? "Not tested since it was set up or changed" : <LastTest report={report} />}</dd>
			</div>
		</dl>
	);
};

const Listening = ({ status }: { status: ListeningStatus }) => {
	const { tone, label } = listeningLooks[status.state];
	const { sentence, cause } = sayListening(status);
	return (
		<>
			<strong className={`tone-${tone} health-now`}>{label}</strong>
			{status.since !== null && (
				<>
					{" since "}
					<Moment at={status.since} />
				</>
			)}
			. {sentence}
			{cause !== null && <div className="dim wrap">{cause}</div>}
			{status.next_try_at !== null && (
				<div>
					Next try <Countdown at={status.next_try_at} />
				</div>
			)}
		</>
	);
};

const Countdown = ({ at }: { at: string }) => {
	const left = Date.parse(at) - useNow();
	return (
		<span className="num" title={formatMoment(at)}>
			{left > 0 ? `in ${formatCountdown(left)}` : "now"}
		</span>
	);
};

const LastTest = ({ report }: { report: HealthReport }) => (
	<>
		{report.ok ? "Passed" : "Failed"} <Moment at={report.checked_at} />
		{report.checked_by !== null && `, by ${report.checked_by}`}
		{report.problems.map(({ problem, remedy }) => (
			<div key={problem} className="wrap">
				{problem} <span className="dim">{remedy}</span>
			</div>
		))}
	</>
);
