import type { AdapterDescription, CreatedIntegration, CreateIntegrationInput } from "@agentplanner/contracts";
import { Button, Group, Modal, Select, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { adaptersQuery, createIntegration, integrationsQuery } from "../../queries/integrations.ts";
import { CreatedSecrets } from "./created-secrets.tsx";
import { IntegrationFields } from "./integration-fields.tsx";
import { useIntegrationForm } from "./use-integration-form.ts";

type Props = { projectId: string; opened: boolean; onClose: () => void; onCreated: (integrationId: string) => void };

export const CreateIntegrationModal = ({ projectId, opened, onClose, onCreated }: Props) => {
	const [created, setCreated] = useState<CreatedIntegration | null>(null);
	const secretCount = created === null ? 0 : Object.keys(created.created_secrets).length;
	const secretsShown = secretCount > 0;
	const finish = (integration: CreatedIntegration) => {
		setCreated(null);
		onClose();
		onCreated(integration.id);
	};
	return (
		<Modal
			opened={opened}
			onClose={() => (created === null ? onClose() : finish(created))}
			title={secretCount === 0 ? "Connect a channel" : secretCount === 1 ? "Copy the secret now" : "Copy the secrets now"}
			closeButtonProps={{ "aria-label": "Close" }}
			// Secrets are shown once: a slip of the mouse must not take them away.
			closeOnClickOutside={!secretsShown}
			closeOnEscape={!secretsShown}
		>
			{created !== null && secretsShown ? (
				<CreatedSecrets integration={created} onDone={() => finish(created)} />
			) : (
				<ChooseAdapter
					projectId={projectId}
					onCreated={(integration) => (Object.keys(integration.created_secrets).length > 0 ? setCreated(integration) : finish(integration))}
				/>
			)}
		</Modal>
	);
};

type FormProps = { projectId: string; onCreated: (integration: CreatedIntegration) => void };

const ChooseAdapter = (props: FormProps) => {
	const adapters = useQuery(adaptersQuery());
	const [chosenId, setChosenId] = useState<string | null>(null);
	if (adapters.isPending) return <LoadingRows rows={4} />;
	if (adapters.isError) return <LoadError error={adapters.error} retry={() => void adapters.refetch()} />;
	const adapter = adapters.data.items.find(({ id }) => id === chosenId) ?? adapters.data.items[0];
	if (adapter === undefined) return <p className="small">This installation has no adapters.</p>;
	return (
		<Stack gap="sm">
			{adapters.data.items.length > 1 && (
				<Select
					label="Kind of channel"
					allowDeselect={false}
					value={adapter.id}
					onChange={setChosenId}
					data={adapters.data.items.map(({ id, label }) => ({ value: id, label }))}
				/>
			)}
			<IntegrationForm key={adapter.id} adapter={adapter} {...props} />
		</Stack>
	);
};

const IntegrationForm = ({ adapter, projectId, onCreated }: FormProps & { adapter: AdapterDescription }) => {
	const client = useQueryClient();
	const form = useIntegrationForm(adapter, { name: adapter.label, settings: {} });
	const [keys] = useState(createSubmissionKeys);
	const create = useMutation({
		mutationFn: (body: CreateIntegrationInput) => createIntegration(projectId, body, keys.keyFor(body)),
		onSuccess: (integration) => {
			keys.done();
			void client.invalidateQueries({ queryKey: integrationsQuery(projectId).queryKey });
			onCreated(integration);
		},
	});

	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (form.check() && !create.isPending) create.mutate({ adapter: adapter.id, ...form.values });
			}}
		>
			<Stack gap="sm">
				<IntegrationFields
					form={form}
					error={create.error}
					needsSecret={({ name, required }) => required && !adapter.created_secrets.includes(name)}
					secretHint={(name) => (adapter.created_secrets.includes(name) ? "Left empty, it is made for you" : "May stay empty")}
				/>
				<Group justify="end">
					<Button type="submit" loading={create.isPending}>
						Connect
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
