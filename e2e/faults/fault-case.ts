import type { EngineUnderTest } from "../support/engine-under-test.ts";
import type { House } from "./house.ts";

/** What a case runs on. */
export type Ground = {
	engine: EngineUnderTest;
	/** The product that cases share, in real processes; the first one that asks starts it. */
	house(): Promise<House>;
	/** What it holds is undone when the case ends. */
	own: AsyncDisposableStack;
	/** A figure of this machine and moment: shown, but no part of the matrix. */
	measured(figure: string): void;
};

export type FaultCase = { id: string; fault: string; expected: string } & (
	| {
			/** Run by `npm test` as well: seconds, and nothing that needs a quiet machine. */
			quick: boolean;
			/** Says what was seen, in words that are the same in every run; throws where it isn't what is expected. */
			run(ground: Ground): Promise<string>;
			/** Where it isn't on both. */
			onlyOn?: EngineUnderTest["name"];
	  }
	/** Why there is nothing to run. */
	| { inapplicable: string }
);

export type RunnableCase = Extract<FaultCase, { quick: boolean }>;

export type FaultGroup = {
	letter: string;
	title: string;
	/** Its cases are held against each engine. */
	onBothEngines: boolean;
	cases: readonly FaultCase[];
};
