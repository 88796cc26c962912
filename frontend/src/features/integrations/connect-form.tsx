import type { AdapterDescription, CreatedIntegration, CreateIntegrationInput } from "@agentplanner/contracts";
import { Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createIntegration, integrationsQuery } from "../../queries/integrations.ts";
import { IntegrationFields } from "./integration-fields.tsx";
import { useIntegrationForm } from "./use-integration-form.ts";

type Props = {
	adapter: AdapterDescription;
	projectId: string;
	onCreated: (integration: CreatedIntegration) => void;
	/** What stands below the fields, with the button that sends them. */
	actions: (busy: boolean) => ReactNode;
};

export const ConnectForm = ({ adapter, projectId, onCreated, actions }: Props) => {
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
				{actions(create.isPending)}
			</Stack>
		</form>
	);
};
