import type { AdapterDescription } from "@agentplanner/contracts";
import { TextInput, type TextInputProps } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { adaptersQuery } from "../queries/integrations.ts";

type Props = Omit<TextInputProps, "value" | "onChange"> & {
	/** Of the chosen integration. */
	adapterId: string | undefined;
	value: string;
	onChange: (address: string) => void;
};

/** An address inside a channel; asked for only where the adapter has addresses, or one was given all the same. */
export const AddressField = ({ adapterId, value, onChange, ...rest }: Props) => {
	const adapters = useQuery(adaptersQuery());
	const address = addressOf(adapters.data?.items ?? [], adapterId);
	if (address === null && value === "") return null;
	return (
		<TextInput
			placeholder={address?.label ?? "This channel needs no address"}
			title={address?.description}
			value={value}
			onChange={(event) => onChange(event.currentTarget.value)}
			{...rest}
		/>
	);
};

const addressOf = (adapters: AdapterDescription[], adapterId: string | undefined) =>
	adapters.find(({ id }) => id === adapterId)?.address ?? null;
