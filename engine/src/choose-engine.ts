export type EngineSettings = { engine?: "hatchet" | "postgres" | undefined; hatchetToken?: string | undefined };

export type EngineChoice = { kind: "postgres" } | { kind: "hatchet"; token: string } | { kind: "hatchet-embedded" };

/** Which engine runs: what `ENGINE` says, else Hatchet when there is a token, else Postgres. */
export const chooseEngine = ({ engine, hatchetToken }: EngineSettings): EngineChoice => {
	if (engine === "postgres" || (engine === undefined && !hatchetToken)) return { kind: "postgres" };
	return hatchetToken ? { kind: "hatchet", token: hatchetToken } : { kind: "hatchet-embedded" };
};
