import type { ListedIntegration } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconStethoscope } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { StatusBadge } from "../../components/status.tsx";
import {
	adaptersQuery,
	disableIntegration,
	enableIntegration,
	integrationsQuery,
	testIntegration,
	useAdapterLabel,
} from "../../queries/integrations.ts";
import { useMay } from "../../queries/rights.ts";
import { EditIntegration } from "./edit-integration.tsx";
import { healthOf } from "./health.ts";
import { HealthPanel } from "./health-panel.tsx";
import { IntegrationMessages } from "./integration-messages.tsx";
import { SettingsView } from "./settings-view.tsx";
import { SetupSteps } from "./setup-steps.tsx";
import { stepsFor } from "./steps-for.ts";

type Props = { integration: ListedIntegration; mayEdit: boolean; open: boolean; onToggle: () => void };

export const IntegrationItem = ({ integration, mayEdit, open, onToggle }: Props) => {
	const { id, project_id, name, enabled } = integration;
	const adapter = useAdapterLabel(integration.adapter);
	const maySend = useMay(project_id)("messages:send");
	const url = integration.settings.url;
	const [editing, setEditing] = useState(false);
	const editButton = useRef<HTMLButtonElement>(null);
	const endEditing = () => {
		setEditing(false);
		setTimeout(() => editButton.current?.focus());
	};
	return (
		<li className="card">
			<button type="button" className="entity-head" aria-expanded={open} onClick={onToggle}>
				<IconPlugConnected size={18} aria-hidden className="dim" />
				<span className="entity-text">
					<strong className="truncate">{name}</strong>
					<span className="truncate tiny dim">{typeof url === "string" ? `${adapter} · ${url}` : adapter}</span>
				</span>
				<StatusBadge look={healthOf(integration).look} />
			</button>
			{open && (
				<div className="entity-body">
					<HealthPanel integration={integration} />
					{editing ? (
						<EditIntegration integration={integration} onDone={endEditing} />
					) : (
						<>
							<SettingsView integration={integration} />
							<SetupGuide integration={integration} />
							{mayEdit && (
								<Actions id={id} projectId={project_id} enabled={enabled} tested={integration.health_report !== null}>
									<Button ref={editButton} variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
										Edit
									</Button>
								</Actions>
							)}
							{maySend && (
								<details>
									<summary className="small dim">Send a message</summary>
									<div className="integration-fold">
										<IntegrationMessages integration={integration} />
									</div>
								</details>
							)}
						</>
					)}
				</div>
			)}
		</li>
	);
};

/** What is to be done on the platform, for whoever closed the wizard before it was done. */
const SetupGuide = ({ integration }: { integration: ListedIntegration }) => {
	const steps = useQuery(adaptersQuery()).data?.items.find(({ id }) => id === integration.adapter)?.setup?.after ?? [];
	if (steps.length === 0) return null;
	return (
		<details>
			<summary className="small dim">What to set up on the other side</summary>
			<div className="integration-fold">
				<SetupSteps steps={stepsFor(steps, integration)} />
			</div>
		</details>
	);
};

type ActionsProps = { id: string; projectId: string; enabled: boolean; tested: boolean; children: ReactNode };

const Actions = ({ id, projectId, enabled, tested, children }: ActionsProps) => {
	const client = useQueryClient();
	const onSuccess = () => client.invalidateQueries({ queryKey: integrationsQuery(projectId).queryKey });
	const test = useMutation({
		mutationFn: async ({ isFirst }: { isFirst: boolean }) => {
			const { health_report: report } = await testIntegration(projectId, id);
			return { isFirst: isFirst && report?.ok === true };
		},
		onSuccess,
	});
	const toggle = useMutation({
		mutationFn: () => (enabled ? disableIntegration(projectId, id) : enableIntegration(projectId, id)),
		onSuccess,
	});
	const error = test.error ?? toggle.error;
	return (
		<>
			{error !== null && <ErrorNotice error={error} />}
			{test.data?.isFirst === true && (
				<p className="small" role="status">
					Next:{" "}
					<Link to="/projects/$projectId/agents" params={{ projectId }} search={{ create: true }} className="text-link">
						make an agent
					</Link>{" "}
					and give it a route here.
				</p>
			)}
			<Group gap="xs">
				{children}
				<Button
					variant="default"
					leftSection={<IconStethoscope size={14} />}
					loading={test.isPending}
					onClick={() => test.mutate({ isFirst: !tested })}
				>
					Test now
				</Button>
				<Button
					variant="default"
					leftSection={enabled ? <IconPlayerPause size={14} /> : <IconPlayerPlay size={14} />}
					loading={toggle.isPending}
					onClick={() => toggle.mutate()}
				>
					{enabled ? "Disable" : "Enable"}
				</Button>
			</Group>
		</>
	);
};
