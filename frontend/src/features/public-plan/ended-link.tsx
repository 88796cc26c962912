import { IconLinkOff } from "@tabler/icons-react";
import { EmptyState } from "../../components/states.tsx";

export const EndedLink = () => (
	<>
		<title>Link ended · AgentPlanner</title>
		<h1 className="visually-hidden">Link ended</h1>
		<EmptyState icon={IconLinkOff} title="This link shows nothing any more">
			It was switched off or replaced, the plan is gone, or a part of the address is missing. Ask whoever gave it to you for a new one.
		</EmptyState>
	</>
);
