import type { ImmediateCall } from "@agentplanner/contracts";
import { z } from "zod";
import type { CallSlack } from "./client.ts";
import { whisperCall } from "./ear.ts";
import { Held } from "./modal.ts";
import { SlackRefusal } from "./outcome.ts";

const View = z.object({ view: z.object({ private_metadata: z.string() }) });

/** Opens a form. A press is good for one form within three seconds: who waited longer is asked to press again. */
export const callNow = async (call: CallSlack, { method, arguments: args }: ImmediateCall, signal: AbortSignal): Promise<void> => {
	try {
		await call(method, args, signal);
	} catch (error) {
		// The press was told of twice, and its form is open.
		if (error instanceof SlackRefusal && error.code === "exchanged_trigger_id") return;
		const ear = error instanceof SlackRefusal && error.code === "expired_trigger_id" ? earOf(args) : undefined;
		if (!ear) throw error;
		const again = whisperCall(ear, { text: "The form took too long to open. Press the button again." });
		await call(again.method, again.arguments, signal);
	}
};

const earOf = (args: Record<string, unknown>) => {
	const { view } = View.parse(args);
	return Held.parse(JSON.parse(view.private_metadata)).ear;
};
