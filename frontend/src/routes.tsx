import {
	deadReasonCodes,
	linkAccountPath,
	localPathOf,
	PlanStatus,
	publicPlanPath,
	RequestStatus,
	roleMay,
	SignInProblem,
} from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { z } from "zod";
import { isProblem } from "./lib/problems.ts";
import { CrashPage, NotFoundPage } from "./pages/crash-page.tsx";
import { authMethodsQuery, sessionQuery } from "./queries/session.ts";

const id = z.uuid().optional().catch(undefined);

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
	component: Outlet,
	errorComponent: CrashPage,
	notFoundComponent: NotFoundPage,
});

// Only a path of this site: an address elsewhere would make sign-in an open redirect.
const localPath = z
	.string()
	.transform((path) => localPathOf(path) ?? undefined)
	.optional()
	.catch(undefined);

const problem = SignInProblem.optional().catch(undefined);

/** Before the page is drawn, so that nothing in it jumps; without an answer it offers what there always is. */
const loadAuthMethods = ({ context }: { context: { queryClient: QueryClient } }) =>
	context.queryClient.ensureQueryData(authMethodsQuery()).catch(() => null);

const invitationRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: "/invitation",
	validateSearch: z.object({ problem }),
	loader: loadAuthMethods,
	component: lazyRouteComponent(() => import("./pages/invitation-page.tsx"), "InvitationPage"),
});

const linkAccountRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: linkAccountPath,
	validateSearch: z.object({ problem }),
	loader: loadAuthMethods,
	component: lazyRouteComponent(() => import("./pages/link-account-page.tsx"), "LinkAccountPage"),
});

const publicPlanRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: `${publicPlanPath}$key`,
	component: lazyRouteComponent(() => import("./pages/public-plan-page.tsx"), "PublicPlanPage"),
});

const signInRoute = createRoute({
	getParentRoute: () => rootRoute,
	path: "/sign-in",
	validateSearch: z.object({ return: localPath, problem }),
	loader: loadAuthMethods,
	component: lazyRouteComponent(() => import("./pages/sign-in-page.tsx"), "SignInPage"),
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

const startRoute = createRoute({
	getParentRoute: () => signedInRoute,
	path: "/",
	component: lazyRouteComponent(() => import("./pages/start-page.tsx"), "StartPage"),
});

const projectRoute = createRoute({
	getParentRoute: () => signedInRoute,
	path: "/projects/$projectId",
	component: lazyRouteComponent(() => import("./pages/project-layout.tsx"), "ProjectLayout"),
});

const projectStartRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/",
	component: lazyRouteComponent(() => import("./pages/project-start-page.tsx"), "ProjectStartPage"),
});

const plansRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/plans",
	validateSearch: z.object({ status: PlanStatus.optional().catch(undefined), deleted: z.literal(true).optional().catch(undefined) }),
	component: lazyRouteComponent(() => import("./pages/plans-page.tsx"), "PlansPage"),
});

const planRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/plans/$planId",
	validateSearch: z.object({
		node: id,
		request: id,
		decision: id,
		ask: z.boolean().optional().catch(undefined),
		view: z.enum(["timeline", "deleted"]).optional().catch(undefined),
	}),
	component: lazyRouteComponent(() => import("./pages/plan-page.tsx"), "PlanPage"),
});

const importRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/plans/import",
	component: lazyRouteComponent(() => import("./pages/import-page.tsx"), "ImportPage"),
});

const goalsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/goals",
	validateSearch: z.object({ goal: id, create: z.boolean().optional().catch(undefined) }),
	component: lazyRouteComponent(() => import("./pages/goals-page.tsx"), "GoalsPage"),
});

const timelineRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/timeline",
	component: lazyRouteComponent(() => import("./pages/timeline-page.tsx"), "TimelinePage"),
});

const requestsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/requests",
	validateSearch: z.object({ status: RequestStatus.optional().catch(undefined) }),
	component: lazyRouteComponent(() => import("./pages/requests-page.tsx"), "RequestsPage"),
});

const requestRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/requests/$requestId",
	component: lazyRouteComponent(() => import("./pages/request-page.tsx"), "RequestPage"),
});

const agentsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/agents",
	validateSearch: z.object({ agent: id, create: z.boolean().optional().catch(undefined) }),
	component: lazyRouteComponent(() => import("./pages/agents-page.tsx"), "AgentsPage"),
});

const integrationsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/integrations",
	validateSearch: z.object({ integration: id, create: z.boolean().optional().catch(undefined) }),
	component: lazyRouteComponent(() => import("./pages/integrations-page.tsx"), "IntegrationsPage"),
});

const deadLettersRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/dead-letters",
	validateSearch: z.object({
		integration: id,
		reason: z.enum(deadReasonCodes).optional().catch(undefined),
		discarded: z.literal(true).optional().catch(undefined),
	}),
	component: lazyRouteComponent(() => import("./pages/dead-letters-page.tsx"), "DeadLettersPage"),
});

const settingsRoute = createRoute({
	getParentRoute: () => projectRoute,
	path: "/settings",
	component: lazyRouteComponent(() => import("./pages/settings-layout.tsx"), "SettingsLayout"),
});

const settingsStartRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/",
	beforeLoad: ({ params, context: { session } }) => {
		const role = session.projects.find(({ id }) => id === params.projectId)?.role;
		const first = role !== undefined && roleMay(role, "tokens:own") ? "tokens" : "account";
		throw redirect({ to: `/projects/$projectId/settings/${first}`, params, replace: true });
	},
});

const tokensRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/tokens",
	component: lazyRouteComponent(() => import("./pages/tokens-page.tsx"), "TokensPage"),
});

const membersRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/members",
	component: lazyRouteComponent(() => import("./pages/members-page.tsx"), "MembersPage"),
});

const auditRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/audit",
	component: lazyRouteComponent(() => import("./pages/audit-page.tsx"), "AuditPage"),
});

const healthRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/health",
	component: lazyRouteComponent(() => import("./pages/health-page.tsx"), "HealthPage"),
});

const subscriptionsRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/subscriptions",
	validateSearch: z.object({ subscription: id }),
	component: lazyRouteComponent(() => import("./pages/subscriptions-page.tsx"), "SubscriptionsPage"),
});

const accountRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/account",
	component: lazyRouteComponent(() => import("./pages/account-page.tsx"), "AccountPage"),
});

const projectSettingsRoute = createRoute({
	getParentRoute: () => settingsRoute,
	path: "/project",
	component: lazyRouteComponent(() => import("./pages/project-page.tsx"), "ProjectPage"),
});

const routeTree = rootRoute.addChildren([
	signInRoute,
	invitationRoute,
	linkAccountRoute,
	publicPlanRoute,
	signedInRoute.addChildren([
		startRoute,
		projectRoute.addChildren([
			projectStartRoute,
			plansRoute,
			importRoute,
			planRoute,
			goalsRoute,
			timelineRoute,
			requestsRoute,
			requestRoute,
			agentsRoute,
			integrationsRoute,
			deadLettersRoute,
			settingsRoute.addChildren([
				settingsStartRoute,
				tokensRoute,
				membersRoute,
				subscriptionsRoute,
				auditRoute,
				healthRoute,
				projectSettingsRoute,
				accountRoute,
			]),
		]),
	]),
]);

export const createAppRouter = (queryClient: QueryClient) =>
	createRouter({ routeTree, context: { queryClient }, defaultPreload: false, scrollRestoration: false });
