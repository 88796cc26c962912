import { IconRobot, IconUser } from "@tabler/icons-react";

/** Tells an agent from a person. */
export const AuthorMark = ({ isAgent }: { isAgent: boolean }) =>
	isAgent ? (
		<>
			<IconRobot size={15} aria-hidden className="dim" />
			<span className="visually-hidden">The agent </span>
		</>
	) : (
		<IconUser size={15} aria-hidden className="dim" />
	);
