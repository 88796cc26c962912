import { Button } from "@mantine/core";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { integrationsQuery } from "../../queries/integrations.ts";
import { useMay } from "../../queries/rights.ts";
import { IntegrationItem } from "./integration-item.tsx";
import "../../components/entity-list.css";

type Props = {
	projectId: string;
	openId: string | undefined;
	onOpen: (integrationId: string | undefined) => void;
	onCreate: () => void;
	/** The project's default routes. */
	children: ReactNode;
};

export const IntegrationList = ({ projectId, openId, onOpen, onCreate, children }: Props) => {
	const integrations = useQuery(integrationsQuery(projectId));
	const mayEdit = useMay(projectId)("integrations:write");
	const items = integrations.data?.items ?? [];
	return (
		<>
			<header className="page-bar">
				<title>Integrations · AgentPlanner</title>
				<h1 className="page-title">Integrations</h1>
				{mayEdit && (
					<Button ml="auto" leftSection={<IconPlus size={14} />} onClick={onCreate}>
						Connect a channel
					</Button>
				)}
			</header>
			<div className="page-body">
				{integrations.isPending && <LoadingRows />}
				{integrations.isError && integrations.data === undefined && (
					<LoadError error={integrations.error} retry={() => void integrations.refetch()} />
				)}
				{integrations.data !== undefined && items.length === 0 && (
					<EmptyState
						icon={IconPlugConnected}
						title="No channel is connected"
						action={
							mayEdit && (
								<Button leftSection={<IconPlus size={14} />} onClick={onCreate}>
									Connect a channel
								</Button>
							)
						}
					>
						Questions reach agents through channels. A webhook is the quickest: one address that takes a signed POST.
					</EmptyState>
				)}
				{items.length > 0 && (
					<>
						<ul className="entity-list column">
							{items.map((integration) => (
								<IntegrationItem
									key={integration.id}
									integration={integration}
									mayEdit={mayEdit}
									open={integration.id === openId}
									onToggle={() => onOpen(integration.id === openId ? undefined : integration.id)}
								/>
							))}
						</ul>
						<section className="column" aria-labelledby="default-routes" style={{ marginTop: "1.75rem" }}>
							<h2 className="section-title" id="default-routes">
								Default routes of the project
							</h2>
							<p className="small dim" style={{ margin: "0 0 0.625rem" }}>
								Where a question goes when neither it nor its plan says where.
							</p>
							{children}
						</section>
					</>
				)}
			</div>
		</>
	);
};
