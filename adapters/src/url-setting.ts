import { z } from "zod";
import { urlProblem } from "./target-url.ts";

/** A URL in an integration's settings. `problemOf`: what is wrong with one, to be read behind its name. */
export const urlSetting = (max: number, problemOf: (url: string) => string | null = urlProblem) =>
	z
		.string("must be given")
		.max(max)
		.superRefine((url, context) => {
			const problem = problemOf(url);
			if (problem) context.addIssue({ code: "custom", message: problem });
		});
