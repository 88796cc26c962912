import { agentScopes, type CreatedToken, type CreateTokenInput, type Scope, scopes } from "@agentplanner/contracts";
import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "../../components/form-problem.tsx";
import { fieldErrors, isProblem } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { agentsQuery } from "../../queries/agents.ts";
import { useMay } from "../../queries/rights.ts";
import { createToken, tokensQuery } from "../../queries/tokens.ts";
import { CreatedTokenView } from "./created-token.tsx";
import { scopeWords } from "./scope-words.ts";
import "./create-token-modal.css";

type Props = { projectId: string; opened: boolean; onClose: () => void };

export const CreateTokenModal = ({ projectId, opened, onClose }: Props) => {
	const [created, setCreated] = useState<CreatedToken | null>(null);
	const finish = () => {
		onClose();
		setCreated(null);
	};
	return (
		<Modal
			opened={opened}
			onClose={finish}
			size="lg"
			title={created === null ? "New token" : "Copy the token now"}
			closeButtonProps={{ "aria-label": "Close" }}
			// It is shown once: a slip of the mouse must not take it away.
			closeOnClickOutside={created === null}
			closeOnEscape={created === null}
		>
			{created === null ? (
				<CreateTokenForm projectId={projectId} onCreated={setCreated} />
			) : (
				<CreatedTokenView projectId={projectId} created={created} onDone={finish} />
			)}
		</Modal>
	);
};

const myself = "me";
const dayMs = 86_400_000;
const lifetimes = [
	{ value: "7", label: "In 7 days" },
	{ value: "30", label: "In 30 days" },
	{ value: "90", label: "In 90 days" },
	{ value: "365", label: "In a year" },
	{ value: "never", label: "Never" },
];

const expiryOf = (lifetime: string): string | null =>
	lifetime === "never" ? null : new Date(Date.now() + Number(lifetime) * dayMs).toISOString();

/** What it takes to ask an agent and read the answer. */
const usualScopes: Scope[] = ["plans:read", "agents:read", "requests:read", "requests:create"];

const CreateTokenForm = ({ projectId, onCreated }: { projectId: string; onCreated: (token: CreatedToken) => void }) => {
	const client = useQueryClient();
	const may = useMay(projectId);
	const agents = useQuery({ ...agentsQuery(projectId), enabled: may("tokens:manage") });
	const [name, setName] = useState("");
	const [owner, setOwner] = useState(myself);
	const [mine, setMine] = useState<Scope[]>(usualScopes);
	const [agentsOwn, setAgentsOwn] = useState<Scope[]>([...agentScopes]);
	const [lifetime, setLifetime] = useState("90");
	const [keys] = useState(createSubmissionKeys);
	const ofAgent = owner !== myself;
	const chosen = ofAgent ? agentsOwn : mine;
	const create = useMutation({
		mutationFn: (body: CreateTokenInput) => createToken(projectId, body, keys.keyFor({ ...body, expires_at: lifetime })),
		onSuccess: onCreated,
		// The first one's answer was lost: what it made stands in the list, and sending again makes another.
		onError: (error) => {
			if (isProblem(error, "conflict") || isProblem(error, "idempotency_key_reused")) keys.done();
		},
		onSettled: () => client.invalidateQueries({ queryKey: tokensQuery(projectId).queryKey }),
	});
	const errors = fieldErrors(create.error);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (create.isPending) return;
				create.mutate({ name, scopes: chosen, expires_at: expiryOf(lifetime), ...(ofAgent ? { agent_id: owner } : {}) });
			}}
		>
			<Stack gap="sm">
				<FormProblem error={create.error} shown={["name", "scopes", "agent_id", "expires_at"]} />
				<TextInput
					label="Name"
					description="What uses it; you will know it by that."
					required
					data-autofocus
					value={name}
					onChange={(event) => setName(event.currentTarget.value)}
					error={errors.name ?? null}
				/>
				<Group grow align="start" gap="sm">
					<Select
						label="Whose it is"
						allowDeselect={false}
						value={owner}
						onChange={(value) => setOwner(value ?? myself)}
						data={[
							{ value: myself, label: "Mine" },
							...(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: `The agent ${agent.name}` })),
						]}
						error={errors.agent_id ?? null}
					/>
					<Select
						label="Expires"
						allowDeselect={false}
						value={lifetime}
						onChange={(value) => setLifetime(value ?? "90")}
						data={lifetimes}
						error={errors.expires_at ?? null}
					/>
				</Group>
				<Checkbox.Group
					label="What it may do"
					description={
						ofAgent
							? "An agent's token reads and answers what was sent to that agent, and nothing else."
							: "Choose as little as it needs. What your role doesn't allow, the token can't do either."
					}
					value={chosen}
					onChange={(values) => (ofAgent ? setAgentsOwn : setMine)(values as Scope[])}
					error={errors.scopes ?? null}
				>
					<div className="scope-choice">
						{(ofAgent ? agentScopes : scopes).map((scope) => (
							<Checkbox key={scope} size="xs" value={scope} label={scopeWords[scope]} description={scope} />
						))}
					</div>
				</Checkbox.Group>
				<Group justify="end">
					<Button type="submit" loading={create.isPending} disabled={chosen.length === 0}>
						Create token
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
