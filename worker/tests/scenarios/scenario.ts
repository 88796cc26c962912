import type { Abilities } from "./channel.ts";
import type { Stage } from "./stage.ts";

/** `can` ends the scenario where the channel can't, with the channel's own reason. */
export type Act = Stage & { can: <Name extends keyof Abilities>(ability: Name) => Abilities[Name] };

export type Scenario = { title: string; act: (stage: Act) => Promise<void> };
