import { adapters, describeAdapter } from "@agentplanner/adapters";
import { procedure } from "../../procedure.ts";

export const listAdapters = procedure.integrations.listAdapters.handler(() => ({ items: adapters.map(describeAdapter) }));
