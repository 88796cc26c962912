import { invitationPath, linkAccountPath } from "@agentplanner/contracts";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setCsrfToken } from "./lib/api-client.ts";
import { isProblem } from "./lib/problems.ts";
import { createQueryClient } from "./lib/query-client.ts";
import { sessionQuery } from "./queries/session.ts";
import { createAppRouter } from "./routes.tsx";
import { theme } from "./theme.ts";

/** A session that ended sends the reader to sign in, and back to the same place afterwards. */
const onError = (error: unknown): void => {
	if (isProblem(error, "forbidden")) void queryClient.invalidateQueries({ queryKey: sessionQuery().queryKey });
	if (!isProblem(error, "unauthorized")) return;
	const { pathname, href } = router.state.location;
	// Pages for people who may be nobody yet.
	if (["/sign-in", invitationPath, linkAccountPath].includes(pathname)) return;
	setCsrfToken(null);
	queryClient.removeQueries({ queryKey: sessionQuery().queryKey });
	void router.navigate({ to: "/sign-in", search: { return: href } });
};

const queryClient = createQueryClient(onError);
const router = createAppRouter(queryClient);

declare module "@tanstack/react-router" {
	interface Register {
		router: typeof router;
	}
}

export const App = () => (
	<MantineProvider theme={theme} defaultColorScheme="auto">
		<QueryClientProvider client={queryClient}>
			<RouterProvider router={router} />
		</QueryClientProvider>
	</MantineProvider>
);
