import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

/** The way to make a plan of a file. */
export const ImportLink = ({ projectId, onClick }: { projectId: string; onClick?: () => void }) => (
	<Button
		variant="default"
		leftSection={<IconFileImport size={14} />}
		renderRoot={(props) => <Link to="/projects/$projectId/plans/import" params={{ projectId }} onClick={onClick} {...props} />}
	>
		Import a file
	</Button>
);
