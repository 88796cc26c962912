import type { Integration } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconPlugConnected, IconStethoscope } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { Moment } from "../../components/moment.tsx";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { healthLooks, StatusBadge } from "../../components/status.tsx";
import { disableIntegration, enableIntegration, integrationsQuery, testIntegration } from "../../queries/integrations.ts";
import { EditIntegration } from "./edit-integration.tsx";
import { showSetting } from "./show-setting.ts";

type Props = { integration: Integration; open: boolean; onToggle: () => void };

export const IntegrationItem = ({ integration, open, onToggle }: Props) => {
	const { id, project_id, name, adapter, enabled, health } = integration;
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
				<StatusBadge look={healthLooks[enabled ? health : "disabled"]} />
			</button>
			{open && (
				<div className="entity-body">
					{!enabled && (
						<Notice tone="amber" title="Disabled: its deliveries wait where they are">
							{integration.disabled_reason ?? "Enable it to let them go out."}
						</Notice>
					)}
					<HealthNotice integration={integration} />
					{editing ? (
						<EditIntegration integration={integration} onDone={endEditing} />
					) : (
						<>
							<dl className="facts small" style={{ flexDirection: "column" }}>
								{Object.entries(integration.settings).map(([key, value]) => (
									<div key={key}>
										<dt>{key.replaceAll("_", " ")}</dt>
										<dd className="pre">{showSetting(value)}</dd>
									</div>
								))}
								{Object.entries(integration.secrets).map(([key, set]) => (
									<div key={key}>
										<dt>{key.replaceAll("_", " ")}</dt>
										<dd>{set ? "set, hidden" : "not set"}</dd>
									</div>
								))}
							</dl>
							<Actions id={id} projectId={project_id} enabled={enabled}>
								<Button ref={editButton} variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
									Edit
								</Button>
							</Actions>
						</>
					)}
				</div>
			)}
		</li>
	);
};

const HealthNotice = ({ integration: { health_report: report } }: { integration: Integration }) => {
	if (report === null)
		return (
			<Notice tone="gray" title="Not tested yet">
				Test it to see whether it can be reached.
			</Notice>
		);
	if (report.ok) {
		return (
			<p className="small dim" style={{ margin: 0 }}>
				Tested <Moment at={report.checked_at} />: everything works.
			</p>
		);
	}
	return report.problems.map(({ problem, remedy }) => (
		<Notice key={problem} tone="red" title={problem}>
			{remedy}
		</Notice>
	));
};

type ActionsProps = { id: string; projectId: string; enabled: boolean; children: ReactNode };

const Actions = ({ id, projectId, enabled, children }: ActionsProps) => {
	const client = useQueryClient();
	const onSuccess = () => client.invalidateQueries({ queryKey: integrationsQuery(projectId).queryKey });
	const test = useMutation({ mutationFn: () => testIntegration(projectId, id), onSuccess });
	const toggle = useMutation({
		mutationFn: () => (enabled ? disableIntegration(projectId, id) : enableIntegration(projectId, id)),
		onSuccess,
	});
	const error = test.error ?? toggle.error;
	return (
		<>
			{error !== null && <ErrorNotice error={error} />}
			<Group gap="xs">
				{children}
				<Button variant="default" leftSection={<IconStethoscope size={14} />} loading={test.isPending} onClick={() => test.mutate()}>
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
