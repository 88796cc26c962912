import { type ImportPlanInput, maxImportBytes } from "@agentplanner/contracts";
import { Button, FileButton, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFileImport, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { memo, useCallback, useMemo, useRef, useState } from "react";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { importPlan, importPreviewQuery } from "../../queries/documents.ts";
import { plansQuery } from "../../queries/plans.ts";
import "../../components/rows.css";
import "./import-plan.css";
import { DocumentOutline } from "./document-outline.tsx";
import { ImportProblems } from "./import-problems.tsx";
import { readInput } from "./read-input.ts";
import { useFileDrop } from "./use-file-drop.ts";

const hint = `# Launch the spring release

## Prepare

- [x] Freeze the code
- [ ] Draft the announcement
  - Waits for: Freeze the code`;

/** A plan from a file, dropped, chosen or pasted: shows what it would become, or what is wrong on which line, and then makes it. */
export const ImportPlan = ({ projectId, onImported }: { projectId: string; onImported: (planId: string) => void }) => {
	const [text, setText] = useState("");
	const [fileProblem, setFileProblem] = useState<string | null>(null);
	const editor = useRef<HTMLTextAreaElement>(null);
	const [settled] = useDebouncedValue(text, 300);
	const reading = useMemo(() => readInput(settled), [settled]);

	const take = async (file: File | null | undefined) => {
		if (!file) return;
		if (file.size > maxImportBytes) return setFileProblem(`“${file.name}” is too large. A plan's file has at most 8 MB.`);
		try {
			setText(await file.text());
			setFileProblem(null);
		} catch {
			setFileProblem(`“${file.name}” could not be read. Choose it again, or paste what is in it.`);
		}
	};
	const isDragging = useFileDrop((file) => void take(file));
	const showLine = useCallback((line: number) => {
		const field = editor.current;
		if (field === null) return;
		const lines = field.value.split("\n");
		const from = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
		field.focus();
		field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
	}, []);

	return (
		<div className="page-body import-plan" data-dragging={isDragging}>
			<div className="import-columns">
				<section aria-labelledby="import-source-heading">
					<div className="import-bar">
						<h2 className="section-heading" id="import-source-heading">
							The file
						</h2>
						<FileButton onChange={(file) => void take(file)} accept=".md,.markdown,.txt,.json">
							{(props) => (
								<Button {...props} variant="default" leftSection={<IconUpload size={14} />}>
									Choose a file
								</Button>
							)}
						</FileButton>
					</div>
					{fileProblem !== null && <Notice tone="red" title={fileProblem} alert />}
					<Textarea
						ref={editor}
						aria-label="The plan as Markdown or JSON"
						description="Drop a file anywhere on this page, or paste Markdown or JSON here."
						placeholder={hint}
						spellCheck={false}
						className="import-text"
						value={text}
						onChange={(event) => setText(event.currentTarget.value)}
					/>
				</section>
				<section aria-labelledby="import-outcome-heading" className="import-outcome">
					{settled.trim() === "" ? (
						<>
							<h2 className="section-heading" id="import-outcome-heading">
								What it becomes
							</h2>
							<p className="dim small">
								Headings are phases, list items are tasks. What was exported here comes back as it was. Nothing is made before you press
								Import.
							</p>
						</>
					) : "problem" in reading ? (
						<>
							<h2 className="section-heading" id="import-outcome-heading">
								What is wrong
							</h2>
							<Notice tone="red" title="This can't be read" alert>
								{reading.problem}
							</Notice>
						</>
					) : (
						<Outcome projectId={projectId} input={reading.input} isChanging={settled !== text} onLine={showLine} onImported={onImported} />
					)}
				</section>
			</div>
		</div>
	);
};

type OutcomeProps = {
	projectId: string;
	input: ImportPlanInput;
	/** Somebody is still typing. */
	isChanging: boolean;
	onLine: (line: number) => void;
	onImported: (planId: string) => void;
};

/** Not drawn anew with every letter: a file can be large. */
const Outcome = memo(({ projectId, input, isChanging, onLine, onImported }: OutcomeProps) => {
	const client = useQueryClient();
	const preview = useQuery(importPreviewQuery(projectId, input));
	const [keys] = useState(createSubmissionKeys);
	const make = useMutation({
		mutationFn: () => importPlan(projectId, input, keys.keyFor(input)),
		onSuccess: (plan) => {
			void client.invalidateQueries({ queryKey: plansQuery(projectId).queryKey });
			onImported(plan.id);
		},
	});
	return (
		<>
			<div className="import-bar">
				<h2 className="section-heading" id="import-outcome-heading">
					{preview.isError ? "What is wrong" : "What it becomes"}
				</h2>
				<Button
					leftSection={<IconFileImport size={14} />}
					disabled={preview.data === undefined || isChanging}
					loading={make.isPending}
					onClick={() => make.mutate()}
				>
					Import
				</Button>
			</div>
			{preview.isPending && <LoadingRows rows={5} />}
			{preview.isError && <ImportProblems error={preview.error} document={input} onLine={onLine} />}
			{make.error !== null && <ErrorNotice error={make.error} />}
			{preview.data !== undefined && <DocumentOutline document={preview.data} />}
		</>
	);
});
