import type { RouteList, SetRoutesInput } from "@agentplanner/contracts";
import { ActionIcon, Button, Group, Select, Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { AddressField } from "../../components/address-field.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";
import { integrationsQuery } from "../../queries/integrations.ts";
import { LeaveGuard } from "./leave-guard.tsx";

type Line = { key: string; integrationId: string | null; address: string };
/** `version` is that of the list when the changes began. */
type Draft = { version: string; lines: Line[] };
type Props = {
	projectId: string;
	list: RouteList;
	save: (version: string, input: SetRoutesInput) => Promise<unknown>;
	empty: string;
	/** Told to whoever can take the editor away without leaving the page. */
	onUnsaved?: ((unsaved: boolean) => void) | undefined;
};

const linesOf = ({ items }: RouteList): Line[] =>
	items.map((route) => ({ key: route.id, integrationId: route.integration_id, address: route.address }));

/** An ordered list of routes, replaced as a whole. While it is being changed, news from elsewhere doesn't touch it. */
export const RouteEditor = ({ projectId, list, save, empty, onUnsaved }: Props) => {
	const integrations = useQuery(integrationsQuery(projectId));
	const [draft, setDraft] = useState<Draft | null>(null);
	const lines = draft?.lines ?? linesOf(list);
	const version = draft?.version ?? list.version;
	const setLines = (changed: Line[]) => setDraft({ version, lines: changed });
	const submit = useMutation({
		mutationFn: () =>
			save(version, {
				routes: lines.flatMap(({ integrationId, address }) => (integrationId === null ? [] : [{ integration_id: integrationId, address }])),
			}),
		onSuccess: () => setDraft(null),
	});
	const unsaved = draft !== null;
	useEffect(() => {
		onUnsaved?.(unsaved);
		return () => onUnsaved?.(false);
	}, [onUnsaved, unsaved]);
	const errors = fieldErrors(submit.error);
	const change = (key: string, part: Partial<Line>) => setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));

	if (integrations.isPending) return <LoadingRows rows={2} />;
	if (integrations.data === undefined) return <ErrorNotice error={integrations.error} />;
	const choices = integrations.data.items.map(({ id, name, enabled }) => ({ value: id, label: enabled ? name : `${name} (disabled)` }));

	return (
		<Stack gap="xs">
			<LeaveGuard unsaved={unsaved} />
			{lines.length === 0 && (
				<p className="small dim" style={{ margin: 0 }}>
					{empty}
				</p>
			)}
			{lines.map((line, index) => (
				<Group key={line.key} gap="xs" wrap="nowrap" align="start">
					<Select
						aria-label={`Integration of route ${index + 1}`}
						placeholder="Choose an integration"
						allowDeselect={false}
						size="xs"
						flex={1}
						value={line.integrationId}
						onChange={(integrationId) => change(line.key, { integrationId })}
						data={choices}
						error={errors[`routes.${index}.integration_id`] ?? null}
					/>
					<AddressField
						aria-label={`Address of route ${index + 1}`}
						size="xs"
						flex={1}
						adapterId={integrations.data.items.find(({ id }) => id === line.integrationId)?.adapter}
						value={line.address}
						onChange={(address) => change(line.key, { address })}
						error={errors[`routes.${index}.address`] ?? null}
					/>
					<ActionIcon
						variant="subtle"
						color="gray"
						mt={2}
						aria-label={`Remove route ${index + 1}`}
						onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
					>
						<IconTrash size={15} />
					</ActionIcon>
				</Group>
			))}
			{submit.error !== null && <ErrorNotice error={submit.error} />}
			<Group gap="xs">
				<Button
					variant="default"
					leftSection={<IconPlus size={14} />}
					disabled={choices.length === 0}
					onClick={() => setLines([...lines, { key: randomId(), integrationId: choices[0]?.value ?? null, address: "" }])}
				>
					Add route
				</Button>
				{choices.length === 0 && <span className="tiny dim">Connect an integration first.</span>}
				{unsaved && (
					<>
						<Button loading={submit.isPending} onClick={() => submit.mutate()}>
							Save routes
						</Button>
						<Button
							variant="subtle"
							color="gray"
							onClick={() => {
								submit.reset();
								setDraft(null);
							}}
						>
							Undo
						</Button>
					</>
				)}
				<span className="tiny dim" role="status">
					{unsaved ? "Not saved yet" : submit.isSuccess ? "Saved" : ""}
				</span>
			</Group>
		</Stack>
	);
};
