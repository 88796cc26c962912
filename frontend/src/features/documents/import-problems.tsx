import { Button } from "@mantine/core";
import { ErrorNotice } from "../../components/notice.tsx";
import { otherFieldErrors } from "../../lib/problems.ts";
import { locateProblems } from "./locate-problems.ts";

type Props = { error: unknown; document: unknown; onLine: (line: number) => void };

/** Why a file is no plan yet: each problem with its place, which one can go to where it is a line. */
export const ImportProblems = ({ error, document, onLine }: Props) => {
	const problems = locateProblems(otherFieldErrors(error, []), document);
	return (
		<>
			<ErrorNotice error={error} />
			{problems.length > 0 && (
				<ul className="import-problems card">
					{problems.map(({ place, line, message }) => (
						<li key={`${place} ${message}`}>
							{line === null ? (
								<span className="import-place wrap">{place}</span>
							) : (
								<Button variant="subtle" size="compact-xs" className="import-place num" onClick={() => onLine(line)}>
									{place}
								</Button>
							)}
							<span className="wrap">{message}</span>
						</li>
					))}
				</ul>
			)}
		</>
	);
};
