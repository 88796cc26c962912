import type { ListeningStatus } from "@agentplanner/contracts";

/** What follows for answers from how listening stands, and what to do. */
export const sayListening = ({ state, problem, remedy }: ListeningStatus): { sentence: string; cause: string | null } => {
	const cause = [problem, remedy].filter((said) => said !== null).join(" ") || null;
	switch (state) {
		case "listening":
			return { sentence: "What is said there is heard at once.", cause: null };
		case "connecting":
			return { sentence: "The connection is being made.", cause };
		case "reconnecting":
			return { sentence: "It is mended by itself; until then answers are late.", cause };
		case "refused":
			return { sentence: "Answers are not heard. Do what stands below, then save or test it: that begins it again at once.", cause };
		case "unattended":
			return { sentence: "No worker does it. Start one, or look at its log.", cause };
		case "off":
			return { sentence: "Nothing is heard until it is enabled.", cause: null };
	}
};
