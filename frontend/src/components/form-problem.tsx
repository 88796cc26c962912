import { fieldErrors, otherFieldErrors } from "../lib/problems.ts";
import { ErrorNotice } from "./notice.tsx";

/** Why a form did not go through, unless all of it stands at the fields that the form shows. */
export const FormProblem = ({ error, shown }: { error: unknown; shown: string[] }) => {
	if (error === null) return null;
	const unplaced = otherFieldErrors(error, shown);
	if (unplaced.length === 0 && Object.keys(fieldErrors(error)).length > 0) return null;
	return (
		<ErrorNotice error={error}>
			{unplaced.map(({ field, message }) => (
				<div key={field}>
					{field}: {message}
				</div>
			))}
		</ErrorNotice>
	);
};
