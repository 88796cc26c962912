import { Stack, TextInput } from "@mantine/core";
import { builtInSchedule, type TypedPolicy } from "./delivery-policy.ts";

type Props = {
	typed: TypedPolicy;
	errors: Record<string, string>;
	onChange: (field: keyof TypedPolicy, value: string) => void;
};

/** How fast and how patiently a channel is sent to: folded away, since the defaults do. */
export const DeliveryFields = ({ typed, errors, onChange }: Props) => {
	const field = (name: keyof TypedPolicy) => ({
		value: typed[name],
		onChange: (event: { currentTarget: { value: string } }) => onChange(name, event.currentTarget.value),
		error: errors[name] ?? null,
	});
	return (
		<details open={Object.keys(errors).length > 0 || undefined}>
			<summary className="small dim">Delivery</summary>
			<Stack gap="sm" mt="sm">
				<TextInput
					{...field("max_in_flight")}
					label="At once"
					description="How many messages each worker may be sending there at the same time, 1 to 50. More wait their turn."
					inputMode="numeric"
				/>
				<TextInput
					{...field("per_second")}
					label="Per second"
					description="How many may begin in a second, 0.1 to 100. Left empty, there is no limit."
					inputMode="decimal"
					placeholder="No limit"
				/>
				<TextInput
					{...field("schedule")}
					label="Try again after"
					description="The wait after each failed attempt; after the last one it gives up. Left empty, the built-in schedule of about three days."
					placeholder={builtInSchedule}
				/>
			</Stack>
		</details>
	);
};
