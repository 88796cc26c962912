import { Button, Divider } from "@mantine/core";
import { IconBrandGithub } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { authMethodsQuery } from "../../queries/session.ts";

/** The way to GitHub and back to `returnTo`; nothing where it isn't set up. */
export const GithubLink = ({ returnTo }: { returnTo: string }) => {
	const methods = useQuery(authMethodsQuery());
	if (methods.data?.github !== true) return null;
	return (
		<>
			<Divider label="or" />
			<Button
				component="a"
				href={`/api/v1/auth/github?${new URLSearchParams({ return: returnTo })}`}
				variant="default"
				size="sm"
				leftSection={<IconBrandGithub size={16} aria-hidden />}
			>
				Continue with GitHub
			</Button>
		</>
	);
};
