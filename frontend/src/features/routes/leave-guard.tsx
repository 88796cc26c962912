import { useBlocker } from "@tanstack/react-router";
import { LeaveQuestion } from "../../components/leave-question.tsx";

/** Asks before a way out of the page, or to another agent on it, takes changes away that were not saved. */
export const LeaveGuard = ({ unsaved }: { unsaved: boolean }) => {
	const blocker = useBlocker({
		shouldBlockFn: ({ current, next }) =>
			unsaved && (current.pathname !== next.pathname || agentOf(current.search) !== agentOf(next.search)),
		enableBeforeUnload: unsaved,
		withResolver: true,
	});
	return <LeaveQuestion opened={blocker.status === "blocked"} onStay={() => blocker.reset?.()} onLeave={() => blocker.proceed?.()} />;
};

const agentOf = (search: object): unknown => ("agent" in search ? search.agent : undefined);
