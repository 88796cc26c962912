import { MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { eventTypesQuery } from "../../queries/subscriptions.ts";

type Props = { value: string[]; onChange: (types: string[]) => void; error: string | null };

/** The first words of the types, each of which stands for all below it. */
const patternsOf = (types: string[]): string[] => {
	const heads = types.flatMap((type) => {
		const words = type.split(".");
		return words.slice(1).map((_, index) => words.slice(0, index + 1).join("."));
	});
	const several = heads.filter((head, index) => heads.indexOf(head) !== index);
	return [...new Set(several)].sort().map((head) => `${head}.*`);
};

/** Picked from the catalogue, with what each means. */
export const EventTypeField = ({ value, onChange, error }: Props) => {
	const types = useQuery(eventTypesQuery()).data?.items ?? [];
	const descriptions = new Map(types.map(({ type, description }) => [type, description]));
	const patterns = patternsOf(types.map(({ type }) => type));
	const known = new Set(["*", ...patterns, ...descriptions.keys()]);
	return (
		<MultiSelect
			label="Events"
			description="Single types, all below a name (agent.request.*), or all of the project (*)."
			required
			searchable
			clearable
			maxDropdownHeight={280}
			nothingFoundMessage="No event of that name"
			data={[
				{ group: "Several at once", items: ["*", ...patterns] },
				{ group: "One type", items: [...descriptions.keys()] },
				...(value.every((type) => known.has(type)) ? [] : [{ group: "Chosen", items: value.filter((type) => !known.has(type)) }]),
			]}
			renderOption={({ option }) => (
				<span className="event-type">
					<span>{option.value}</span>
					<span className="tiny dim">{option.value === "*" ? "Every event of the project" : descriptions.get(option.value)}</span>
				</span>
			)}
			value={value}
			onChange={onChange}
			error={error}
		/>
	);
};
