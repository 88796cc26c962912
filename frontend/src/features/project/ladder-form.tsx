import type { Project } from "@agentplanner/contracts";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { isProblem } from "../../lib/problems.ts";
import { projectQuery, updateProject } from "../../queries/projects.ts";
import { draftOf, type LadderDraft, ladderOf, newStep, problemsOf, quietOf } from "./ladder-draft.ts";
import { QuietFields } from "./quiet-fields.tsx";
import { StepFields } from "./step-fields.tsx";
import "./ladder-form.css";

type Edit = { version: number; draft: LadderDraft };

/** What happens while nobody answers, and when it is quiet; the buttons show once something was changed. */
export const LadderForm = ({ project }: { project: Project }) => {
	const client = useQueryClient();
	const [edit, setEdit] = useState<Edit | null>(null);
	const stored = useMemo(() => draftOf(project), [project]);
	const draft = edit?.draft ?? stored;
	const [tried, setTried] = useState(false);
	const errors = tried ? problemsOf(draft) : {};
	const save = useMutation({
		mutationFn: ({ version, draft }: Edit) => updateProject(project.id, version, { ladder: ladderOf(draft), quiet_hours: quietOf(draft) }),
		onSuccess: async () => {
			await client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
			end();
		},
	});
	const end = () => {
		setEdit(null);
		setTried(false);
	};
	const outdated = isProblem(save.error, "precondition_failed");
	const change = (part: Partial<LadderDraft>) => setEdit({ version: edit?.version ?? project.version, draft: { ...draft, ...part } });
	const limit = (name: "acknowledge" | "progress") => ({
		placeholder: "Not expected",
		inputMode: "numeric" as const,
		value: draft[name],
		onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
		error: errors[name] ?? null,
	});
	return (
		<form
			className="ladder-form"
			onSubmit={(event) => {
				event.preventDefault();
				setTried(true);
				if (edit === null || save.isPending || Object.keys(problemsOf(draft)).length > 0) return;
				save.mutate(outdated ? { ...edit, version: project.version } : edit);
			}}
		>
			<Stack gap="sm" maw={640}>
				{draft.steps.length === 0 && <p className="small dim">Nothing happens before the deadline.</p>}
				<ol className="steps" aria-label="Steps">
					{draft.steps.map((step, index) => (
						<StepFields
							key={step.key}
							step={step}
							number={index + 1}
							error={errors[step.key]}
							onChange={(changed) => change({ steps: draft.steps.with(index, changed) })}
							onRemove={() => change({ steps: draft.steps.toSpliced(index, 1) })}
						/>
					))}
				</ol>
				{draft.steps.length < 10 && (
					<Button
						className="add-step"
						variant="default"
						leftSection={<IconPlus size={14} />}
						onClick={() => change({ steps: [...draft.steps, newStep()] })}
					>
						Add a step
					</Button>
				)}
				{draft.steps.some((step) => step.do === "next_agent") && (
					<p className="small dim">
						Those who are asked are asked in turn: first as many as the rule for answers needs, and one more at each such step, or at once
						when one declines or can't be reached.
					</p>
				)}
				<Group gap="sm" align="start" grow>
					<TextInput {...limit("acknowledge")} label="Acknowledgement expected within" description="Minutes after it went out" />
					<TextInput {...limit("progress")} label="Word of progress expected every" description="Minutes" />
				</Group>
				<QuietFields quiet={draft.quiet} errors={errors} onChange={(quiet) => change({ quiet })} />
				{outdated ? (
					<Notice tone="orange" title="Somebody else changed the project meanwhile" alert>
						Nothing was overwritten. Save again to replace theirs with yours, or undo.
					</Notice>
				) : (
					save.error !== null && <ErrorNotice error={save.error} />
				)}
				{edit !== null && (
					<Group gap="xs">
						<Button type="submit" loading={save.isPending}>
							Save
						</Button>
						<Button
							variant="subtle"
							color="gray"
							onClick={() => {
								save.reset();
								end();
							}}
						>
							Undo
						</Button>
					</Group>
				)}
			</Stack>
		</form>
	);
};
