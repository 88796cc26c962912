export { assertWorkflows } from "./check-workflows.ts";
export { chooseEngine, type EngineChoice, type EngineSettings } from "./choose-engine.ts";
export { type CreateEngineOptions, createEngine } from "./create-engine.ts";
export { type Engine, type EngineHealth, EngineUnavailableError, type PushFailure } from "./engine.ts";
export { type Relay, type RelayHealth, type RelayOptions, startRelay } from "./relay/start-relay.ts";
export { noSubject } from "./run/cron-input.ts";
export {
	NonRetryableError,
	type RunContext,
	type RunLog,
	type Step,
	type Wake,
	WakeInput,
	type WakeMetadata,
	type Workflow,
	workflow,
} from "./workflow.ts";
