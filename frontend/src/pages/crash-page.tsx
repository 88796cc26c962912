import { Button, Stack } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { EmptyState, LoadError } from "../components/states.tsx";

export const CrashPage = ({ error, reset }: ErrorComponentProps) => {
	const router = useRouter();
	const client = useQueryClient();
	const retry = () => {
		client.removeQueries({ predicate: (query) => query.state.status === "error" });
		reset();
		void router.invalidate();
	};
	return (
		<main className="page-body">
			<LoadError error={error} retry={retry} />
		</main>
	);
};

export const NotFoundPage = () => (
	<Stack component="main" className="page-body">
		<EmptyState
			icon={IconMapOff}
			title="There is nothing at this address"
			action={
				<Button component={Link} to="/" variant="default">
					Go to my plans
				</Button>
			}
		>
			The link may be incomplete, or it points to something you can't see.
		</EmptyState>
	</Stack>
);
