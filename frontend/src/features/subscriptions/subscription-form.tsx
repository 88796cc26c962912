import type { EventCondition, Subscription } from "@agentplanner/contracts";
import { Button, Group, MultiSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import { plansQuery } from "../../queries/plans.ts";
import { EventTypeField } from "./event-type-field.tsx";
import { conditionText } from "./subscription-looks.ts";
import "./subscriptions.css";

export type SubscriptionFields = {
	name: string;
	types: string[];
	plan_ids: string[] | null;
	condition: EventCondition | null;
	url?: string;
	authorization?: string;
};

type Props = {
	projectId: string;
	/** The one that is edited; where it leads stays. */
	subscription?: Subscription;
	error: unknown;
	pending: boolean;
	onSubmit: (fields: SubscriptionFields) => void;
	onCancel?: () => void;
};

const readCondition = (text: string): EventCondition | null | undefined => {
	if (text.trim() === "") return null;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as EventCondition) : undefined;
	} catch {
		return undefined;
	}
};

export const SubscriptionForm = ({ projectId, subscription, error, pending, onSubmit, onCancel }: Props) => {
	const plans = useQuery(plansQuery(projectId)).data?.items ?? [];
	const [name, setName] = useState(subscription?.name ?? "");
	const [url, setUrl] = useState("");
	const [authorization, setAuthorization] = useState("");
	const [types, setTypes] = useState<string[]>(subscription?.types ?? []);
	const [planIds, setPlanIds] = useState<string[]>(subscription?.plan_ids ?? []);
	const [condition, setCondition] = useState(conditionText(subscription?.condition ?? null));
	const read = readCondition(condition);
	const errors = fieldErrors(error);
	const firstError = (field: string): string | null =>
		Object.entries(errors).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1] ?? null;
	const making = subscription === undefined;
	return (
		<form
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				if (pending || read === undefined) return;
				const target = making ? { url, ...(authorization === "" ? {} : { authorization }) } : {};
				onSubmit({ name, types, plan_ids: planIds.length === 0 ? null : planIds, condition: read, ...target });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={error} shown={Object.keys(errors)} />
				<TextInput
					label="Name"
					required
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
					error={firstError("name")}
				/>
				{making && (
					<>
						<TextInput
							label="URL"
							description="Events are posted here, signed. A private network has to be allowed under Settings, Project."
							placeholder="https://n8n.example.org/webhook/…"
							required
							value={url}
							onChange={(event) => setUrl(event.currentTarget.value)}
							error={firstError("url")}
						/>
						<TextInput
							label="Authorization header"
							description="Only for receivers that can't verify signatures, such as n8n: “Bearer …”."
							autoComplete="off"
							value={authorization}
							onChange={(event) => setAuthorization(event.currentTarget.value)}
							error={firstError("authorization")}
						/>
					</>
				)}
				<EventTypeField value={types} onChange={setTypes} error={firstError("types")} />
				<MultiSelect
					label="Plans"
					description="Those alone. Events of private plans are sent only where the plan is named here."
					placeholder={planIds.length === 0 ? "All but private ones" : ""}
					searchable
					clearable
					data={plans.map(({ id, title }) => ({ value: id, label: title }))}
					value={planIds}
					onChange={setPlanIds}
					error={firstError("plan_ids")}
				/>
				<Textarea
					label="Condition on data"
					description='JSON, all of which must hold, such as {"to": ["completed", "cancelled"]}. Empty: none.'
					autosize
					minRows={2}
					maxRows={10}
					spellCheck={false}
					classNames={{ input: "mono" }}
					value={condition}
					onChange={(event) => setCondition(event.currentTarget.value)}
					error={read === undefined ? "must be a JSON object" : firstError("condition")}
				/>
				<Group justify="end" gap="xs">
					{onCancel && (
						<Button variant="default" onClick={onCancel}>
							Cancel
						</Button>
					)}
					<Button type="submit" loading={pending}>
						{making ? "Subscribe" : "Save"}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
