import type { Goal, GoalStatus } from "@agentplanner/contracts";
import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { StatusBadge } from "../../components/status.tsx";
import { StatusItems } from "../../components/status-items.tsx";
import { isProblem } from "../../lib/problems.ts";
import { readGoal, refreshGoals, updateGoal } from "../../queries/goals.ts";
import { goalStatusLooks } from "./goal-looks.ts";

export const GoalStatusMenu = ({ goal, onError }: { goal: Goal; onError: (error: Error | null) => void }) => {
	const client = useQueryClient();
	const change = useMutation({
		mutationFn: async (status: GoalStatus) => {
			try {
				return await updateGoal(goal, { status });
			} catch (error) {
				if (!isProblem(error, "precondition_failed")) throw error;
				// The clash was about another field as long as the status is still the one that was seen here.
				const fresh = await readGoal(goal);
				if (fresh.status !== goal.status) throw error;
				return updateGoal(fresh, { status });
			}
		},
		onMutate: () => onError(null),
		onError,
		onSettled: () => refreshGoals(client, goal.project_id),
	});
	const shown = change.isPending ? change.variables : goal.status;
	return (
		<Menu position="bottom-start" width={180}>
			<Menu.Target>
				<UnstyledButton className="status-button" aria-label={`Status of ${goal.title}: ${goalStatusLooks[shown].label}. Change`}>
					<StatusBadge look={goalStatusLooks[shown]} />
				</UnstyledButton>
			</Menu.Target>
			<Menu.Dropdown>
				<StatusItems looks={goalStatusLooks} chosen={shown} onChoose={change.mutate} />
			</Menu.Dropdown>
		</Menu>
	);
};
