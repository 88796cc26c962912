type DemoNode = {
	kind: "phase" | "task" | "milestone";
	title: string;
	agent_instructions?: string;
	acceptance_criteria?: string;
	/** Days from the day it is made. */
	dueInDays?: number;
	children?: DemoNode[];
};

export const demoPlan: { title: string; description: string; nodes: DemoNode[] } = {
	title: "Launch the spring release",
	description:
		"Version 4.2 brings shared workspaces, faster search and the new import. It goes out to everybody at once, with an announcement, updated help pages and a support team that knows what changed.",
	nodes: [
		{
			kind: "phase",
			title: "Prepare the release",
			agent_instructions: "The code is frozen. Only fixes for what the release candidate shows go in; everything else waits for 4.3.",
			children: [
				{
					kind: "task",
					title: "Write the release notes",
					agent_instructions:
						"Write for people who use the product every day and have two minutes. Lead with shared workspaces, then search, then import. Name what changes for administrators in a section of its own. No internal names, no ticket numbers.",
					acceptance_criteria:
						"- At most 400 words\n- Every breaking change says what to do before the update\n- Each feature links to its help page",
					dueInDays: 5,
				},
				{
					kind: "task",
					title: "Check the upgrade on a copy of production",
					agent_instructions:
						"Restore last night's backup into staging, run the upgrade, and compare row counts of workspaces, documents and members before and after. Note how long each migration takes.",
					acceptance_criteria:
						"- Row counts agree, or each difference is explained\n- The whole upgrade takes less than ten minutes\n- The way back was tried once",
					dueInDays: 6,
				},
				{
					kind: "task",
					title: "Collect the open questions from the beta group",
					agent_instructions:
						"Read the beta channel of the last three weeks. Group what people asked by topic, with the number of people behind each, and say which ones the help pages already answer.",
					acceptance_criteria: "- One list, most asked first\n- Each question has an answer, or a person who owes one",
					dueInDays: 4,
				},
				{ kind: "milestone", title: "Release candidate approved", dueInDays: 8 },
			],
		},
		{
			kind: "phase",
			title: "Announce",
			agent_instructions: "One message, three lengths: a headline, a paragraph, a post. They must not contradict each other.",
			children: [
				{
					kind: "task",
					title: "Draft the announcement post",
					agent_instructions:
						"About 600 words, friendly and concrete. Begin with the problem that shared workspaces solve, show one real example, end with how to try it. Suggest three headlines.",
					acceptance_criteria: "- Three headlines to choose from\n- One example from a real team\n- No promise that 4.2 does not keep",
					dueInDays: 9,
				},
				{
					kind: "task",
					title: "Write the e-mail to administrators",
					agent_instructions:
						"Administrators need the date, the expected downtime (ten minutes), what changes in permissions, and whom to ask. Plain text, no pictures.",
					acceptance_criteria: "- Fits on one screen\n- Says what an administrator has to do, or that there is nothing to do",
					dueInDays: 10,
				},
				{
					kind: "task",
					title: "Brief the support team",
					agent_instructions:
						"Ten questions that customers will ask in the first week, each with an answer of at most four sentences and a link to the help page.",
					acceptance_criteria: "- Ten questions with answers\n- Reviewed by somebody who answers tickets",
					dueInDays: 10,
				},
			],
		},
		{
			kind: "phase",
			title: "Release day",
			children: [
				{
					kind: "task",
					title: "Decide go or no-go",
					agent_instructions:
						"List what is done, what is open and what could go wrong, each with the worst that can happen. Recommend go or no-go in one sentence.",
					acceptance_criteria: "- A recommendation, not a summary\n- Every open risk has somebody who watches it",
					dueInDays: 12,
				},
				{
					kind: "task",
					title: "Watch the first 24 hours",
					agent_instructions:
						"Error rate, sign-ins, search latency and support tickets every two hours, compared with the same hour a week ago.",
					acceptance_criteria: "- A note every two hours\n- Anything above twice the usual level is raised at once",
					dueInDays: 13,
				},
				{ kind: "milestone", title: "4.2 is out", dueInDays: 13 },
			],
		},
	],
};
