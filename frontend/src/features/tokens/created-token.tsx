import type { CreatedToken } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CopyValue } from "../../components/copy-value.tsx";
import { Notice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { agentsQuery } from "../../queries/agents.ts";
import { plansQuery, planTreeQuery } from "../../queries/plans.ts";
import { answerCall, type ExampleSubject, exampleCall } from "./example-call.ts";

/** A task and an agent of this project, so that the example works as it stands; null until they are read. */
const useExampleSubject = (projectId: string): ExampleSubject | null => {
	const plans = useQuery(plansQuery(projectId));
	const planId = plans.data?.items[0]?.id;
	const tree = useQuery({ ...planTreeQuery(projectId, planId ?? ""), enabled: planId !== undefined });
	const agents = useQuery(agentsQuery(projectId));
	// A read that failed leaves its part to be filled in.
	if (plans.isPending || agents.isPending || (planId !== undefined && tree.isPending)) return null;
	const nodes = tree.data?.nodes ?? [];
	return {
		nodeId: (nodes.find(({ kind, status }) => kind === "task" && status !== "completed") ?? nodes[0])?.id ?? null,
		agentId: agents.data?.items[0]?.id ?? null,
	};
};

/** The only time the token is seen. */
export const CreatedTokenView = (props: { projectId: string; created: CreatedToken; onDone: () => void }) => {
	const { projectId, created, onDone } = props;
	const subject = useExampleSubject(projectId);
	const readAnswer = answerCall(window.location.origin, projectId, created);
	return (
		<Stack gap="sm">
			<Notice tone="amber" title="It is shown only this once">
				Whoever has it can do what it may. Keep it like a password; if it gets lost, revoke it and make another one.
			</Notice>
			<div>
				<div className="section-title">Token “{created.name}”</div>
				<CopyValue label="token" value={created.token} />
			</div>
			<div>
				<div className="section-title">{created.scopes.includes("requests:create") ? "Ask an agent with it" : "Try it"}</div>
				{subject === null ? (
					<LoadingRows rows={2} />
				) : (
					<CopyValue label="command" value={exampleCall(window.location.origin, projectId, created, subject)} />
				)}
			</div>
			{readAnswer !== null && (
				<div>
					<div className="section-title">Read the answer</div>
					<CopyValue label="command that reads the answer" value={readAnswer} />
					<p className="tiny dim">
						Put the <code>id</code> that asking returned in place of ID. It returns the <code>request</code> with its status, its{" "}
						<code>responses</code>, where the answer is, and the <code>context</code> that was sent.
					</p>
				</div>
			)}
			<Group justify="end">
				<Button onClick={onDone}>I have copied it</Button>
			</Group>
		</Stack>
	);
};
