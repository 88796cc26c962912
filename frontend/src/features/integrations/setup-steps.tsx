import type { SetupStep } from "@agentplanner/contracts";
import { IconExternalLink } from "@tabler/icons-react";
import { CopyValue } from "../../components/copy-value.tsx";
import "./setup-wizard.css";

/** What to do on the platform, in order, with what is to be pasted there. */
export const SetupSteps = ({ steps }: { steps: SetupStep[] }) => (
	<ol className="setup-steps">
		{steps.map(({ title, text, link, copy }) => (
			<li key={title}>
				<strong>{title}</strong>
				<p className="small dim wrap">{text}</p>
				{copy !== undefined && <CopyValue label={copy.label} value={copy.text} />}
				{link !== undefined && (
					<a className="text-link small" href={link.url} target="_blank" rel="noopener noreferrer">
						{link.label} <IconExternalLink size={13} aria-hidden />
					</a>
				)}
			</li>
		))}
	</ol>
);
