import type { Integration } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { CopyValue } from "../../components/copy-value.tsx";
import { adaptersQuery } from "../../queries/integrations.ts";
import { sayPolicy } from "./delivery-policy.ts";
import { inOrder, settingFields, settingLabel } from "./settings-schema.ts";
import { showSetting } from "./show-setting.ts";
import { ingressUrl } from "./steps-for.ts";
import "./health-panel.css";

/** What is set, under the names that the form gives it; of secrets only whether. */
export const SettingsView = ({ integration }: { integration: Integration }) => {
	const adapter = useQuery(adaptersQuery()).data?.items.find(({ id }) => id === integration.adapter);
	const settings = settingFields(adapter?.settings_schema ?? {});
	const secrets = settingFields(adapter?.secrets_schema ?? {});
	return (
		<dl className="health small">
			{adapter?.receives && !integration.listens && (
				<div>
					<dt>Listens at</dt>
					<dd>
						<CopyValue label="the address" value={ingressUrl(integration)} />
					</dd>
				</div>
			)}
			{inOrder(settings, integration.settings).map(([name, value]) => (
				<div key={name}>
					<dt>{settingLabel(settings, name)}</dt>
					<dd className="pre">{showSetting(value)}</dd>
				</div>
			))}
			<div>
				<dt>Delivery</dt>
				<dd>{sayPolicy(integration.delivery_policy)}</dd>
			</div>
			{inOrder(secrets, integration.secrets).map(([name, set]) => (
				<div key={name}>
					<dt>{settingLabel(secrets, name)}</dt>
					<dd>{set ? "Set, hidden" : "Not set"}</dd>
				</div>
			))}
		</dl>
	);
};
