import type { NodeSummary } from "@agentplanner/contracts";
import { ActionIcon, Button, Group, Input, SegmentedControl, Select, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { AddressField } from "../../components/address-field.tsx";
import { randomId } from "../../lib/random-id.ts";
import { integrationsQuery } from "../../queries/integrations.ts";
import { labelOf, usePeople } from "../../queries/people.ts";
import { previewQuery } from "../../queries/requests.ts";
import { useMay, usePlanRights } from "../../queries/rights.ts";
import { type DecisionDraft, type NotifyLine, toMember } from "./decision-draft.ts";

type Props = {
	node: NodeSummary;
	draft: DecisionDraft;
	change: (part: Partial<DecisionDraft>) => void;
	problem: string | null;
	/** By the server's names, such as `notify.0.user_id`. */
	errors: Record<string, string>;
};

const line = (to: string | null): NotifyLine => ({ key: randomId(), to, address: "" });

/** Who hears of the decision: where the routes lead, or the channels and members that are chosen. */
export const NotifyFields = ({ node, draft, change, problem, errors }: Props) => (
	<Input.Wrapper label="Who is told" labelElement="div" error={problem}>
		<SegmentedControl
			fullWidth
			aria-label="Who is told"
			value={draft.notify === null ? "routes" : "chosen"}
			onChange={(value) =>
				change({
					notify: value === "routes" ? null : draft.deciderIds.length > 0 ? draft.deciderIds.map((id) => line(toMember(id))) : [line(null)],
				})
			}
			data={[
				{ value: "routes", label: "Default routes" },
				{ value: "chosen", label: "I choose" },
			]}
		/>
		{draft.notify === null ? (
			<DefaultPlaces node={node} />
		) : (
			<ChosenPlaces node={node} lines={draft.notify} onChange={(notify) => change({ notify })} errors={errors} />
		)}
	</Input.Wrapper>
);

const DefaultPlaces = ({ node }: Pick<Props, "node">) => {
	const places = useQuery(previewQuery(node.project_id, node.id, [])).data?.destinations;
	const { plan } = usePlanRights(node.project_id, node.plan_id);
	if (places === undefined) return null;
	const names = places.map(({ integration_name, address }) => (address === "" ? integration_name : `${integration_name} · ${address}`));
	return (
		<p className="tiny dim wrap" style={{ margin: "0.375rem 0 0" }}>
			{names.length === 0
				? `${plan?.visibility === "private" ? "What is in a private plan goes by its own routes alone, and this one has none" : "Neither the plan nor the project has a route"}: it is shown here, and nobody is told elsewhere unless you choose whom.`
				: `By the routes: ${names.join(", ")}.`}
		</p>
	);
};

type ChosenProps = Pick<Props, "node" | "errors"> & { lines: NotifyLine[]; onChange: (lines: NotifyLine[]) => void };

const ChosenPlaces = ({ node, lines, onChange, errors }: ChosenProps) => {
	const { project_id: projectId, plan_id: planId } = node;
	const seesIntegrations = useMay(projectId)("integrations:read");
	const integrations = useQuery({ ...integrationsQuery(projectId), enabled: seesIntegrations }).data?.items ?? [];
	const people = usePeople(projectId, planId);
	const choices = [
		{
			group: "Channels",
			items: integrations.map(({ id, name, enabled }) => ({ value: id, label: enabled ? name : `${name} (disabled)` })),
		},
		{
			group: "Members, directly",
			items: people.map((person) => ({ value: toMember(person.id), label: labelOf(person) })),
		},
	];
	const changeLine = (key: string, part: Partial<NotifyLine>) =>
		onChange(lines.map((one) => (one.key === key ? { ...one, ...part } : one)));
	return (
		<Stack gap="xs" mt="xs">
			{lines.map(({ key, to, address }, index) => (
				<Group key={key} gap="xs" wrap="nowrap" align="start">
					<Select
						aria-label={`Told ${index + 1}`}
						placeholder="Choose a channel or a member"
						allowDeselect={false}
						size="sm"
						flex={1}
						searchable
						value={to}
						onChange={(value) => changeLine(key, { to: value, address: "" })}
						data={choices}
						error={errors[`notify.${index}.user_id`] ?? errors[`notify.${index}.integration_id`] ?? null}
					/>
					<AddressField
						aria-label={`Address of ${index + 1}`}
						size="sm"
						flex={1}
						adapterId={integrations.find(({ id }) => id === to)?.adapter}
						value={address}
						onChange={(value) => changeLine(key, { address: value })}
						error={errors[`notify.${index}.address`] ?? null}
					/>
					<ActionIcon
						variant="subtle"
						color="gray"
						mt={4}
						aria-label={`Remove ${index + 1}`}
						onClick={() => onChange(lines.filter((one) => one.key !== key))}
					>
						<IconTrash size={15} />
					</ActionIcon>
				</Group>
			))}
			<Button
				variant="default"
				size="compact-xs"
				leftSection={<IconPlus size={13} />}
				style={{ alignSelf: "start" }}
				onClick={() => onChange([...lines, line(null)])}
			>
				Add
			</Button>
		</Stack>
	);
};
