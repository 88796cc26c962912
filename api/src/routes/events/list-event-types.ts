import { describeEventTypes } from "@agentplanner/contracts";
import { procedure } from "../../procedure.ts";

export const listEventTypes = procedure.events.listEventTypes.handler(() => ({ items: describeEventTypes() }));
