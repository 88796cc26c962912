import type { DocumentFormat, Plan } from "@agentplanner/contracts";
import { Button, Menu } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ErrorNotice } from "../../components/notice.tsx";
import { exportUrl, readExport } from "../../queries/documents.ts";
import "./export-menu.css";

const formats: { format: DocumentFormat; label: string }[] = [
	{ format: "markdown", label: "Markdown" },
	{ format: "json", label: "JSON" },
];

/** The plan as a file, or on the clipboard. */
export const ExportMenu = ({ plan }: { plan: Plan }) => {
	const copy = useMutation({
		mutationFn: async (format: DocumentFormat) => {
			const { clipboard } = navigator as { clipboard?: Clipboard };
			if (clipboard === undefined) throw new Error("Browsers copy only on pages with https. Download the file instead.");
			// Some browsers let a page write there only as long as the press lasts: what is written may follow.
			const text = readExport(plan.project_id, plan.id, format).then((read) => new Blob([read], { type: "text/plain" }));
			await clipboard.write([new ClipboardItem({ "text/plain": text })]);
		},
	});
	return (
		<Menu position="bottom-end" width={260} onClose={copy.reset}>
			<Menu.Target>
				<Button variant="default" leftSection={<IconDownload size={14} />} className="export-button">
					Export
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{formats.map(({ format, label }) => (
					<Menu.Item
						key={format}
						component="a"
						href={exportUrl(plan.project_id, plan.id, format)}
						download
						leftSection={<IconDownload size={15} />}
					>
						Download {label}
					</Menu.Item>
				))}
				<Menu.Divider />
				{formats.map(({ format, label }) => {
					const copied = copy.isSuccess && copy.variables === format;
					return (
						<Menu.Item
							key={format}
							closeMenuOnClick={false}
							leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
							onClick={() => copy.mutate(format)}
						>
							{copied ? `Copied ${label}` : `Copy ${label}`}
						</Menu.Item>
					);
				})}
				<div role="status" className="visually-hidden">
					{copy.isSuccess ? "Copied" : ""}
				</div>
				{copy.error !== null && <ErrorNotice error={copy.error} />}
				<p className="export-note tiny dim">
					An import makes the same plan again, without people, requests, decisions, goals, and dependencies on other plans.
				</p>
			</Menu.Dropdown>
		</Menu>
	);
};
