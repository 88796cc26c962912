/** Who runs something patient at the moment: jobs of the patient runner, and children that follow their short parent at once. */
export type PatientSlots = {
	/** Counts a job of the patient runner while `work` goes on. */
	during<T>(work: () => Promise<T>): Promise<T>;
	/** A place for a child of a short run, to be given back; null while there is none. */
	take(): (() => void) | null;
};

/** `size` at once, of which at most `mostChildren` are children. Jobs of the runner, whose own limit `size` is, are never refused. */
export const createPatientSlots = (size: number, mostChildren: number): PatientSlots => {
	let running = 0;
	let children = 0;
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
			if (running >= size || children >= mostChildren) return null;
			running += 1;
			children += 1;
			return () => {
				running -= 1;
				children -= 1;
			};
		},
	};
};
