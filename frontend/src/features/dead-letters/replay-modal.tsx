import { type DeadLetterFilter, type DeadLetterGroup, mostReplayedPerSecond, type ReplayPreview } from "@agentplanner/contracts";
import { Button, Checkbox, Group, Modal, NumberInput, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { apiQueries } from "../../lib/api-client.ts";
import { replayPreviewQuery, startReplay } from "../../queries/dead-letters.ts";

type Props = { projectId: string; group: DeadLetterGroup; filter: DeadLetterFilter; opened: boolean; onClose: () => void };

/** Says what would be sent and what not before it sends all of a kind again. */
export const ReplayModal = ({ opened, onClose, ...rest }: Props) => (
	<Modal
		opened={opened}
		onClose={onClose}
		title={`Send again to ${rest.group.integration_name}`}
		closeButtonProps={{ "aria-label": "Close" }}
	>
		<Question onClose={onClose} {...rest} />
	</Modal>
);

const Question = ({ projectId, group, filter, onClose }: Omit<Props, "opened">) => {
	const [older, setOlder] = useState(false);
	const [rate, setRate] = useState(5);
	const client = useQueryClient();
	const asked = { ...filter, ...(older ? { include_older: true } : {}) };
	const preview = useQuery(replayPreviewQuery(projectId, asked));
	const start = useMutation({
		mutationFn: () => startReplay(projectId, asked, rate),
		onSuccess: () => {
			onClose();
			return client.invalidateQueries({ queryKey: apiQueries.deadLetters.key() });
		},
	});
	const { data } = preview;
	return (
		<Stack gap="sm">
			<div className="small">
				<strong>{group.title}.</strong> {group.remedy}
			</div>
			{preview.isError && data === undefined && <ErrorNotice error={preview.error} />}
			{preview.isPending && <LoadingRows rows={2} />}
			{data !== undefined && <Numbers preview={data} rate={rate} />}
			{data !== undefined && (older || data.skipped.some(({ reason }) => reason === "too_old")) && (
				<Checkbox
					checked={older}
					onChange={(event) => setOlder(event.currentTarget.checked)}
					label={`Also those that are older than ${data.max_age_days} days`}
					description="Whoever gets them may not expect them any more."
				/>
			)}
			<NumberInput
				label="At most in a second"
				description="Slowly at first: a receiver that has just come back may not take all at once."
				min={1}
				max={mostReplayedPerSecond}
				clampBehavior="strict"
				allowDecimal={false}
				value={rate}
				onChange={(value) => setRate(Math.max(1, Number(value) || 1))}
			/>
			{start.error !== null && <ErrorNotice error={start.error} />}
			<Group justify="end" gap="xs">
				<Button variant="default" onClick={onClose}>
					Not now
				</Button>
				<Button loading={start.isPending} disabled={(data?.replayable ?? 0) === 0} onClick={() => start.mutate()}>
					{data === undefined ? "Send again" : `Send ${data.replayable} again`}
				</Button>
			</Group>
		</Stack>
	);
};

const Numbers = ({ preview: { total, replayable, skipped }, rate }: { preview: ReplayPreview; rate: number }) => (
	<div className="small" aria-live="polite">
		<p className="replay-numbers">
			<strong className="num">{replayable}</strong> of {total} will be sent again
			{replayable > rate && <>, in about {duration(replayable / rate)}</>}.
		</p>
		{skipped.length > 0 && (
			<ul className="skipped">
				{skipped.map(({ reason, message, count }) => (
					<li key={reason}>
						<span className="num">{count}</span> will not: {message}
					</li>
				))}
			</ul>
		)}
	</div>
);

const duration = (seconds: number): string => {
	if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
	return seconds < 5_400 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3_600)} hours`;
};
