import { structuredPatch } from "diff";

const looks = {
	"+": { className: "diff-added", word: "Added: " },
	"-": { className: "diff-removed", word: "Removed: " },
	" ": { className: "", word: "" },
} as const;

/** What differs between two texts, line by line, each difference with three lines around it. */
export const LineDiff = ({ before, after, label }: { before: string; after: string; label: string }) => {
	const { hunks } = structuredPatch("", "", before, after, "", "", { context: 3 });
	if (hunks.length === 0) return <p className="small dim">There is no difference.</p>;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
		<section className="sent-text diff" aria-label={label} tabIndex={0}>
			{hunks.map(({ newStart, lines }, index) => (
				<div key={newStart}>
					{index > 0 && (
						<div className="diff-gap" aria-hidden>
							⋯
						</div>
					)}
					{lines
						.filter((line) => !line.startsWith("\\"))
						.map((line, place) => {
							const look = looks[line[0] as keyof typeof looks];
							return (
								// biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and never move
								<div key={place} className={`diff-line ${look.className}`}>
									<span className="diff-sign" aria-hidden>
										{line[0]}
									</span>
									<span className="visually-hidden">{look.word}</span>
									<span>{line.slice(1)}</span>
								</div>
							);
						})}
				</div>
			))}
		</section>
	);
};
