import type { Adapter } from "@agentplanner/contracts";
import type { z } from "zod";

/** Gives an adapter's members the types of its own settings and secrets. */
export const defineAdapter = <Settings extends z.ZodType, Secrets extends z.ZodType>(
	adapter: Adapter<Settings, Secrets>,
): Adapter<Settings, Secrets> => adapter;
