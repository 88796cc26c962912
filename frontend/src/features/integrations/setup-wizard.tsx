import type { AdapterDescription, CreatedIntegration } from "@agentplanner/contracts";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useRef, useState } from "react";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { adaptersQuery } from "../../queries/integrations.ts";
import { ChooseAdapter } from "./choose-adapter.tsx";
import { ConnectForm } from "./connect-form.tsx";
import { CreatedSecrets } from "./created-secrets.tsx";
import { SetupSteps } from "./setup-steps.tsx";
import { stepsFor } from "./steps-for.ts";
import { TryIntegration } from "./try-integration.tsx";
import "./setup-wizard.css";

type Props = { projectId: string; opened: boolean; onClose: () => void; onCreated: (integrationId: string) => void };

/** From choosing a kind of channel to a test message that arrived. What was connected stays connected, however early it is closed. */
export const SetupWizard = ({ projectId, opened, onClose, onCreated }: Props) => {
	const phone = useMediaQuery("(max-width: 48em)");
	const [created, setCreated] = useState<CreatedIntegration | null>(null);
	const [secretsSeen, setSecretsSeen] = useState(false);
	const guarded = created !== null && Object.keys(created.created_secrets).length > 0 && !secretsSeen;
	const close = () => {
		onClose();
		if (created === null) return;
		setCreated(null);
		setSecretsSeen(false);
		onCreated(created.id);
	};
	return (
		<Modal
			opened={opened}
			onClose={close}
			size={620}
			fullScreen={phone}
			title="Connect a channel"
			closeButtonProps={{ "aria-label": "Close" }}
			// A slip of the mouse must not take away what was typed, nor secrets that are shown once.
			closeOnClickOutside={false}
			closeOnEscape={!guarded}
		>
			<Steps projectId={projectId} created={created} onCreated={setCreated} onSecretsSeen={() => setSecretsSeen(true)} onDone={close} />
		</Modal>
	);
};

type StepName = "choose" | "prepare" | "connect" | "finish" | "try";
const titles: Record<StepName, string> = {
	choose: "Choose the kind",
	prepare: "Prepare it there",
	connect: "Connect it",
	finish: "Finish it there",
	try: "Try it",
};

/** Those that have something to do for this kind of channel. */
const stepsOf = ({ setup, created_secrets }: AdapterDescription): StepName[] => [
	"choose",
	...(setup !== null && setup.before.length > 0 ? (["prepare"] as const) : []),
	"connect",
	...((setup !== null && setup.after.length > 0) || created_secrets.length > 0 ? (["finish"] as const) : []),
	"try",
];

type StepsProps = {
	projectId: string;
	created: CreatedIntegration | null;
	onCreated: (integration: CreatedIntegration) => void;
	onSecretsSeen: () => void;
	onDone: () => void;
};

const Steps = ({ projectId, created, onCreated, onSecretsSeen, onDone }: StepsProps) => {
	const adapters = useQuery(adaptersQuery());
	const [chosenId, setChosenId] = useState<string | null>(null);
	const [step, setStep] = useState<StepName>("choose");
	// Whoever goes back to look something up finds the form as it was.
	const [formBegun, setFormBegun] = useState(false);
	if (adapters.isPending) return <LoadingRows rows={4} />;
	if (adapters.isError) return <LoadError error={adapters.error} retry={() => void adapters.refetch()} />;
	const adapter = adapters.data.items.find(({ id }) => id === chosenId) ?? adapters.data.items[0];
	if (adapter === undefined) return <p className="small">This installation has no adapters.</p>;

	const steps = stepsOf(adapter);
	const go = (by: 1 | -1) => {
		const next = steps[steps.indexOf(step) + by] ?? step;
		setStep(next);
		if (next === "connect") setFormBegun(true);
	};
	const back = (
		<Button variant="default" mr="auto" onClick={() => go(-1)}>
			Back
		</Button>
	);
	const secretCount = Object.keys(created?.created_secrets ?? {}).length;
	return (
		<Stack gap="md">
			<Progress steps={steps} step={step} label={adapter.label} />
			{step === "choose" && (
				<>
					<ChooseAdapter adapters={adapters.data.items} value={adapter.id} onChange={setChosenId} />
					<Actions>
						<Button onClick={() => go(1)}>Continue</Button>
					</Actions>
				</>
			)}
			{step === "prepare" && (
				<>
					<SetupSteps steps={adapter.setup?.before ?? []} />
					<Actions>
						{back}
						<Button onClick={() => go(1)}>Continue</Button>
					</Actions>
				</>
			)}
			{formBegun && created === null && (
				<div hidden={step !== "connect"}>
					<ConnectForm
						key={adapter.id}
						adapter={adapter}
						projectId={projectId}
						onCreated={(integration) => {
							onCreated(integration);
							go(1);
						}}
						actions={(busy) => (
							<Actions>
								{back}
								<Button type="submit" loading={busy}>
									Connect
								</Button>
							</Actions>
						)}
					/>
				</div>
			)}
			{step === "finish" && created !== null && (
				<>
					{secretCount > 0 && <CreatedSecrets adapter={adapter} integration={created} />}
					<SetupSteps steps={stepsFor(adapter.setup?.after ?? [], created)} />
					<Actions>
						<Button
							onClick={() => {
								onSecretsSeen();
								go(1);
							}}
						>
							{secretCount === 0 ? "Continue" : secretCount === 1 ? "I have copied it" : "I have copied them"}
						</Button>
					</Actions>
				</>
			)}
			{step === "try" && created !== null && (
				<>
					<TryIntegration integration={created} adapter={adapter} />
					<Actions>
						<Button variant="default" onClick={onDone}>
							Done
						</Button>
					</Actions>
				</>
			)}
		</Stack>
	);
};

const Actions = ({ children }: { children: ReactNode }) => (
	<Group justify="end" gap="xs">
		{children}
	</Group>
);

const Progress = ({ steps, step, label }: { steps: StepName[]; step: StepName; label: string }) => {
	const at = steps.indexOf(step);
	const begun = useRef(false);
	// The button that was pressed is gone: reading goes on at the top of what has come.
	const readOn = useCallback((heading: HTMLElement | null) => {
		if (heading === null) return;
		if (begun.current) heading.focus();
		begun.current = true;
	}, []);
	return (
		<div className="setup-progress">
			<p key={step} ref={readOn} className="small" tabIndex={-1}>
				<span className="dim num">
					Step {at + 1} of {steps.length}
				</span>{" "}
				<strong>{titles[step]}</strong>
				{step !== "choose" && <span className="dim"> · {label}</span>}
			</p>
			<div className="setup-bar" aria-hidden>
				{steps.map((name, index) => (
					<span key={name} data-done={index <= at} />
				))}
			</div>
		</div>
	);
};
