import type { CreatedIntegration } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CopyValue } from "../../components/copy-value.tsx";
import { Notice } from "../../components/notice.tsx";
import { adaptersQuery } from "../../queries/integrations.ts";
import { settingFields, settingLabel } from "./settings-schema.ts";

/** The only time these values are seen. */
export const CreatedSecrets = ({ integration, onDone }: { integration: CreatedIntegration; onDone: () => void }) => {
	const adapter = useQuery(adaptersQuery()).data?.items.find(({ id }) => id === integration.adapter);
	const fields = settingFields(adapter?.secrets_schema ?? {});
	const one = Object.keys(integration.created_secrets).length === 1;
	return (
		<Stack gap="sm">
			<Notice tone="amber" title={one ? "It is shown only this once" : "They are shown only this once"}>
				Give {one ? "it" : "them"} to the other side of “{integration.name}”, so that it can check what comes from here. Afterwards{" "}
				{one ? "it" : "they"} can be replaced, not read.
			</Notice>
			{Object.entries(integration.created_secrets).map(([name, value]) => (
				<div key={name}>
					<div className="section-title">{settingLabel(fields, name)}</div>
					<CopyValue label={settingLabel(fields, name)} value={value} />
				</div>
			))}
			<Group justify="end">
				<Button onClick={onDone}>I have copied {one ? "it" : "them"}</Button>
			</Group>
		</Stack>
	);
};
