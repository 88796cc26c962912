import type { AdapterDescription } from "@agentplanner/contracts";
import { Radio } from "@mantine/core";

type Props = { adapters: AdapterDescription[]; value: string; onChange: (adapterId: string) => void };

/** The kinds of channels, each with what it is for and what it needs. */
export const ChooseAdapter = ({ adapters, value, onChange }: Props) => (
	<Radio.Group aria-label="Kind of channel" value={value} onChange={onChange}>
		<div className="adapter-choice">
			{adapters.map(({ id, label, setup }) => (
				<Radio.Card key={id} value={id} className="adapter-option" aria-label={label}>
					<Radio.Indicator size="xs" />
					<span>
						<strong>{label}</strong>
						{setup !== null && <span className="small dim wrap">{setup.needs}</span>}
					</span>
				</Radio.Card>
			))}
		</div>
	</Radio.Group>
);
