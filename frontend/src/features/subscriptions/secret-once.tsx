import type { CreatedSubscription } from "@agentplanner/contracts";
import { Button, Group, Stack } from "@mantine/core";
import { CopyValue } from "../../components/copy-value.tsx";
import { Moment } from "../../components/moment.tsx";
import { Notice } from "../../components/notice.tsx";

/** The only time the secret is seen. */
export const SecretOnce = ({ created, onDone }: { created: CreatedSubscription; onDone: () => void }) => {
	const until = created.integration.previous_secret_until;
	return (
		<Stack gap="sm">
			<Notice tone="amber" title="It is shown only this once">
				Give it to the receiver, which checks with it that events come from here, by the Standard Webhooks rules.
				{until !== null && (
					<>
						{" "}
						The old one signs as well; that ends <Moment at={until} />.
					</>
				)}
			</Notice>
			{Object.entries(created.created_secrets).map(([name, value]) => (
				<div key={name}>
					<div className="section-title">Signing secret of “{created.name}”</div>
					<CopyValue label="signing secret" value={value} />
				</div>
			))}
			<Group justify="end">
				<Button onClick={onDone}>I have copied it</Button>
			</Group>
		</Stack>
	);
};
