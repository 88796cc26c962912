import type { CreatedIntegration } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { CopyValue } from "../../components/copy-value.tsx";
import { Notice } from "../../components/notice.tsx";

/** The only time these values are seen. */
export const CreatedSecrets = ({ integration, onDone }: { integration: CreatedIntegration; onDone: () => void }) => (
	<Stack gap="sm">
		<Notice tone="amber" title="They are shown only this once">
			Give them to the other side of “{integration.name}”, so that it can check what comes from here. Afterwards they can be replaced, not
			read.
		</Notice>
		{Object.entries(integration.created_secrets).map(([name, value]) => (
			<div key={name}>
				<div className="section-title">{name.replaceAll("_", " ")}</div>
				<CopyValue label={name.replaceAll("_", " ")} value={value} />
			</div>
		))}
		<Group justify="end">
			<Button onClick={onDone}>I have copied them</Button>
		</Group>
	</Stack>
);
