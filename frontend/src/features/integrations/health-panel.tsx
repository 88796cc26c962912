import type { HealthReport, ListedIntegration } from "@agentplanner/contracts";
import { Moment } from "../../components/moment.tsx";
import { formatCountdown, formatMoment } from "../../time/format.ts";
import { useNow } from "../../time/use-now.ts";
import { healthOf } from "./health.ts";
import "./health-panel.css";

/** How it stands now, what waits, and apart from that what the last test found. */
export const HealthPanel = ({ integration }: { integration: ListedIntegration }) => {
	const { look, since, sentence, cause, nextTry } = healthOf(integration);
	const { waiting_deliveries: waiting, health_report: report } = integration;
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
			<div>
				<dt>Waiting</dt>
				<dd>{waiting === 0 ? "Nothing" : waiting === 1 ? "1 delivery" : `${waiting} deliveries`}</dd>
			</div>
			<div>
				<dt>Last test</dt>
				<dd>{report === null ? "Not tested since it was set up or changed" : <LastTest report={report} />}</dd>
			</div>
		</dl>
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
