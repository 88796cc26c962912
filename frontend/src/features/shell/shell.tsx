import { AppShell, Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { LiveHint } from "./live-hint.tsx";
import { Sidebar } from "./sidebar.tsx";
import "./shell.css";

export const Shell = ({ projectId, children }: { projectId: string; children: ReactNode }) => {
	const [opened, drawer] = useDisclosure(false);
	const path = useRouterState({ select: (state) => state.location.pathname });

	// biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer
	useEffect(() => drawer.close(), [path]);

	return (
		<AppShell
			layout="alt"
			header={{ height: { base: 48, sm: 0 } }}
			navbar={{ width: 248, breakpoint: "sm", collapsed: { mobile: !opened } }}
			transitionDuration={120}
		>
			<a className="skip-link" href="#content">
				Skip to content
			</a>
			<AppShell.Header className="shell-header" hiddenFrom="sm">
				<Burger
					opened={opened}
					onClick={drawer.toggle}
					size="sm"
					aria-label={opened ? "Close the menu" : "Open the menu"}
					aria-expanded={opened}
				/>
				<span className="shell-name">AgentPlanner</span>
				<LiveHint />
			</AppShell.Header>
			<AppShell.Navbar className="shell-navbar" aria-label="Project">
				<Sidebar projectId={projectId} onClose={drawer.close} />
			</AppShell.Navbar>
			<AppShell.Main className="shell-main">
				<div id="content" className="shell-content" tabIndex={-1}>
					{children}
				</div>
			</AppShell.Main>
		</AppShell>
	);
};
