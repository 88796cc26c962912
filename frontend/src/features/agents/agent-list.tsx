import type { Agent } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconPlus, IconRobot } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { agentsQuery } from "../../queries/agents.ts";
import { useMay } from "../../queries/rights.ts";
import "../../components/entity-list.css";
import "./agents.css";
import { AgentForm } from "./agent-form.tsx";
import { AgentPresence } from "./agent-presence.tsx";
import { AgentWork } from "./agent-work.tsx";

type Props = {
	projectId: string;
	openId: string | undefined;
	onOpen: (agentId: string | undefined) => void;
	onCreate: () => void;
	/** What stands inside an opened agent: its routes. */
	renderRoutes: (agentId: string) => ReactNode;
};

export const AgentList = ({ projectId, openId, onOpen, onCreate, renderRoutes }: Props) => {
	const agents = useQuery(agentsQuery(projectId));
	const may = useMay(projectId);
	return (
		<>
			<header className="page-bar">
				<title>Agents · AgentPlanner</title>
				<h1 className="page-title">Agents</h1>
				{may("agents:write") && (
					<Button ml="auto" leftSection={<IconPlus size={14} />} onClick={onCreate}>
						New agent
					</Button>
				)}
			</header>
			<div className="page-body">
				{agents.isPending && <LoadingRows />}
				{agents.isError && agents.data === undefined && <LoadError error={agents.error} retry={() => void agents.refetch()} />}
				{agents.data?.items.length === 0 && (
					<EmptyState
						icon={IconRobot}
						title="No agents yet"
						action={
							may("agents:write") && (
								<Button leftSection={<IconPlus size={14} />} onClick={onCreate}>
									New agent
								</Button>
							)
						}
					>
						An agent is somebody who answers. Its routes say through which channels it is reached.
					</EmptyState>
				)}
				<ul className="entity-list column">
					{agents.data?.items.map((agent) => (
						<AgentItem
							key={agent.id}
							agent={agent}
							mayEdit={may("agents:write")}
							open={agent.id === openId}
							onToggle={() => onOpen(agent.id === openId ? undefined : agent.id)}
							routes={renderRoutes}
						/>
					))}
				</ul>
			</div>
		</>
	);
};

type ItemProps = { agent: Agent; mayEdit: boolean; open: boolean; onToggle: () => void; routes: (agentId: string) => ReactNode };

const AgentItem = ({ agent, mayEdit, open, onToggle, routes }: ItemProps) => (
	<li className="card">
		<button type="button" className="entity-head" aria-expanded={open} onClick={onToggle}>
			<IconRobot size={18} aria-hidden className="dim" />
			<span className="entity-text">
				<strong className="truncate">{agent.name}</strong>
				{agent.description !== "" && <span className="tiny dim wrap">{agent.description}</span>}
				{agent.capabilities.length > 0 && (
					<span className="agent-words">
						{agent.capabilities.map((word) => (
							<span key={word} className="agent-word">
								{word}
							</span>
						))}
					</span>
				)}
			</span>
			<AgentPresence agent={agent} />
		</button>
		{open && (
			<div className="entity-body">
				{mayEdit && <AgentForm agent={agent} />}
				<h2 className="section-title">In hand</h2>
				<AgentWork agent={agent} />
				<h2 className="section-title">Routes</h2>
				{routes(agent.id)}
			</div>
		)}
	</li>
);
