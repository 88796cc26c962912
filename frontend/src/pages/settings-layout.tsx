import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useMay } from "../queries/rights.ts";
import "./settings-layout.css";

const route = getRouteApi("/signed-in/projects/$projectId/settings");

/** The project's own affairs and one's own, one tab each; tabs that one may not read aren't offered. */
export const SettingsLayout = () => {
	const { projectId } = route.useParams();
	const may = useMay(projectId);
	const params = { projectId };
	return (
		<div className="page">
			<header className="page-bar settings-bar">
				<title>Settings · AgentPlanner</title>
				<h1 className="page-title">Settings</h1>
				<nav className="settings-tabs" aria-label="Settings">
					{may("tokens:own") && (
						<Link to="/projects/$projectId/settings/tokens" params={params}>
							Tokens
						</Link>
					)}
					{may("members:read") && (
						<Link to="/projects/$projectId/settings/members" params={params}>
							Members
						</Link>
					)}
					{may("subscriptions:manage") && (
						<Link to="/projects/$projectId/settings/subscriptions" params={params}>
							Subscriptions
						</Link>
					)}
					{may("audit:read") && (
						<Link to="/projects/$projectId/settings/audit" params={params}>
							Audit
						</Link>
					)}
					{may("audit:read") && (
						<Link to="/projects/$projectId/settings/health" params={params}>
							Health
						</Link>
					)}
					<Link to="/projects/$projectId/settings/project" params={params}>
						Project
					</Link>
					<Link to="/projects/$projectId/settings/account" params={params}>
						Account
					</Link>
				</nav>
			</header>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className="page-body settings-body" aria-label="Chosen settings" tabIndex={0}>
				<Outlet />
			</section>
		</div>
	);
};
