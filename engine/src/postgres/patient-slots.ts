/** Who runs something patient at the moment: jobs of the patient runner, and children that follow their short parent at once. */
export type PatientSlots = {
	/** Counts a job of the patient runner while `work` goes on. */
	during<T>(work: () => Promise<T>): Promise<T>;
	/** A place for a child of a short run, to be given back; null while there is none. */
	take(): (() => void) | null;
};

/** A child is refused while `size` are running. Jobs of the runner, whose own limit `size` is, never are. */
export const createPatientSlots = (size: number): PatientSlots => {
	let running = 0;
	return {
		during: async (work) => {
			running += 1;
			try {
				return await work();
			} finally {
				running -= 1;
			}
		},
		take: () => {
			if (running >= size) return null;
			running += 1;
			return () => {
				running -= 1;
			};
		},
	};
};
