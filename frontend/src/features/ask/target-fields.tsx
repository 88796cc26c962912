import { Checkbox, Group, Input, NumberInput, SegmentedControl, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AddressField } from "../../components/address-field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { agentsQuery } from "../../queries/agents.ts";
import { integrationsQuery } from "../../queries/integrations.ts";
import type { AskDraft } from "./ask-draft.ts";

type Props = {
	projectId: string;
	mayChoose: boolean;
	draft: AskDraft;
	agentIds: string[];
	change: (part: Partial<AskDraft>) => void;
	error: string | undefined;
	policyError: string | undefined;
};

export const TargetFields = ({ projectId, mayChoose, draft, agentIds, change, error, policyError }: Props) => (
	<Stack gap="xs">
		<Input.Wrapper label="Ask" labelElement="div" error={error ?? null}>
			{mayChoose && (
				<SegmentedControl
					fullWidth
					mb={8}
					aria-label="Whom to ask"
					value={draft.to}
					onChange={(to) => change({ to: to as AskDraft["to"] })}
					data={[
						{ value: "agents", label: "Agents" },
						{ value: "channel", label: "One channel" },
						{ value: "default", label: "Default routes" },
					]}
				/>
			)}
			{draft.to === "agents" && <AgentChoice projectId={projectId} agentIds={agentIds} change={change} />}
			{draft.to === "channel" && <ChannelChoice projectId={projectId} draft={draft} change={change} />}
			{draft.to === "default" && <p className="small dim ask-hint">The plan's routes; if it has none, the project's.</p>}
		</Input.Wrapper>
		{draft.to === "agents" && agentIds.length > 1 && (
			<Input.Wrapper label="Done when" labelElement="div" error={policyError ?? null}>
				<Group gap="xs" wrap="nowrap" mb={4}>
					<SegmentedControl
						aria-label="When the request counts as answered"
						value={draft.policy}
						onChange={(policy) => change({ policy: policy as AskDraft["policy"] })}
						data={[
							{ value: "first", label: "First answer" },
							{ value: "all", label: "All answer" },
							{ value: "quorum", label: "A number" },
						]}
					/>
					{draft.policy === "quorum" && (
						<NumberInput
							aria-label="Number of answers"
							size="sm"
							w={76}
							min={1}
							max={agentIds.length}
							allowDecimal={false}
							value={draft.quorum}
							onChange={(value) => change({ quorum: Number(value) || 1 })}
						/>
					)}
				</Group>
			</Input.Wrapper>
		)}
	</Stack>
);

const AgentChoice = ({ projectId, agentIds, change }: Pick<Props, "projectId" | "agentIds" | "change">) => {
	const agents = useQuery(agentsQuery(projectId));
	if (agents.isPending) return <LoadingRows rows={2} />;
	if (agents.data === undefined) return <ErrorNotice error={agents.error} />;
	if (agents.data.items.length === 0) {
		return (
			<p className="small dim ask-hint">
				There are no agents yet.{" "}
				<Link to="/projects/$projectId/agents" params={{ projectId }} search={{ create: true }} className="ask-link">
					Add one
				</Link>
				, or ask a channel directly.
			</p>
		);
	}
	return (
		<Checkbox.Group value={agentIds} onChange={(ids) => change({ agentIds: ids })} aria-label="Agents">
			<div className="agent-choice">
				{agents.data.items.map((agent) => (
					<Checkbox.Card key={agent.id} value={agent.id} className="agent-option">
						<Checkbox.Indicator size="xs" />
						<span className="agent-option-text">
							<span className="truncate">{agent.name}</span>
							{agent.description !== "" && <span className="tiny dim wrap">{agent.description}</span>}
						</span>
					</Checkbox.Card>
				))}
			</div>
		</Checkbox.Group>
	);
};

const ChannelChoice = ({ projectId, draft, change }: Pick<Props, "projectId" | "draft" | "change">) => {
	const integrations = useQuery(integrationsQuery(projectId));
	if (integrations.isPending) return <LoadingRows rows={2} />;
	if (integrations.data === undefined) return <ErrorNotice error={integrations.error} />;
	if (integrations.data.items.length === 0) {
		return (
			<p className="small dim ask-hint">
				No channel is connected yet.{" "}
				<Link to="/projects/$projectId/integrations" params={{ projectId }} search={{ create: true }} className="ask-link">
					Connect one
				</Link>
			</p>
		);
	}
	return (
		<Group grow gap="xs" align="start">
			<Select
				aria-label="Integration"
				placeholder="Integration"
				allowDeselect={false}
				value={draft.integrationId}
				onChange={(integrationId) => change({ integrationId })}
				data={integrations.data.items.map((integration) => ({
					value: integration.id,
					label: integration.enabled ? integration.name : `${integration.name} (disabled)`,
				}))}
			/>
			<AddressField
				aria-label="Address"
				adapterId={integrations.data.items.find(({ id }) => id === draft.integrationId)?.adapter}
				value={draft.address}
				onChange={(address) => change({ address })}
			/>
		</Group>
	);
};
