import { RequestStatus } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { z } from "zod";
import { isProblem } from "./lib/problems.ts";
import { AgentsPage } from "./pages/agents-page.tsx";
import { CrashPage, NotFoundPage } from "./pages/crash-page.tsx";
import { IntegrationsPage } from "./pages/integrations-page.tsx";
import { PlanPage } from "./pages/plan-page.tsx";
import { ProjectLayout } from "./pages/project-layout.tsx";
import { ProjectStartPage } from "./pages/project-start-page.tsx";
import { RequestPage } from "./pages/request-page.tsx";
import { RequestsPage } from "./pages/requests-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { StartPage } from "./pages/start-page.tsx";
import { sessionQuery } from "./queries/session.ts";

const id = z.uuid().optional().catch(undefined);

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
	component: Outlet,
	errorComponent: CrashPage,
	notFoundComponent: NotFoundPage,
});

// Only a path of this site: an address elsewhere would make sign-in an open redirect.
const localPath = z
	.string()
	.regex(/^\/(?![/\\])/)
	.optional()
	.catch(undefined);

const signInRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: "/sign-in",
	validateSearch: z.object({ return: localPath }),
	component: SignInPage,
});

const signedInRoute = createRoute({
	getParentRoute: () => rootRoute,
	id: "signed-in",
	component: Outlet,
	errorComponent: CrashPage,
	beforeLoad: async ({ context, location }) => {
		try {
			return { session: await context.queryClient.ensureQueryData(sessionQuery()) };
		} catch (error) {
			if (isProblem(error, "unauthorized")) throw redirect({ to: "/sign-in", search: { return: location.href } });
			throw error;
		}
	},
});

const startRoute = createRoute({ getParentRoute: () => signedInRoute, path: "/", component: StartPage });

const projectRoute = createRoute({ getParentRoute: () => signedInRoute, path: "/projects/$projectId", component: ProjectLayout });

const projectStartRoute = createRoute({ getParentRoute: () => projectRoute, path: "/", component: ProjectStartPage });

const planRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/plans/$planId",
	validateSearch: z.object({ node: id, request: id, ask: z.boolean().optional().catch(undefined) }),
	component: PlanPage,
});

const requestsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/requests",
	validateSearch: z.object({ status: RequestStatus.optional().catch(undefined) }),
	component: RequestsPage,
});

const requestRoute = createRoute({ getParentRoute: () => projectRoute, path: "/requests/$requestId", component: RequestPage });

const agentsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/agents",
	validateSearch: z.object({ agent: id, create: z.boolean().optional().catch(undefined) }),
	component: AgentsPage,
});

const integrationsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/integrations",
	validateSearch: z.object({ integration: id, create: z.boolean().optional().catch(undefined) }),
	component: IntegrationsPage,
});

const routeTree = rootRoute.addChildren([
	signInRoute,
	signedInRoute.addChildren([
		startRoute,
		projectRoute.addChildren([projectStartRoute, planRoute, requestsRoute, requestRoute, agentsRoute, integrationsRoute]),
	]),
]);

export const createAppRouter = (queryClient: QueryClient) =>
	createRouter({ routeTree, context: { queryClient }, defaultPreload: false, scrollRestoration: false });
