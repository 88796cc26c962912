import type { AdapterDescription, CreatedIntegration } from "@agentplanner/contracts";
import { CopyValue } from "../../components/copy-value.tsx";
import { Notice } from "../../components/notice.tsx";
import { settingFields, settingLabel } from "./settings-schema.ts";

/** The only time these values are seen. */
export const CreatedSecrets = ({ adapter, integration }: { adapter: AdapterDescription; integration: CreatedIntegration }) => {
	const fields = settingFields(adapter.secrets_schema);
	const one = Object.keys(integration.created_secrets).length === 1;
	return (
		<>
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
		</>
	);
};
