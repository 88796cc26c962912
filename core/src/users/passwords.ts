import bcrypt from "bcrypt";

const cost = 12;

/** Of a random password that nobody knows, at the same cost: what an unknown account is compared with. */
const dummyHash = "$2b$12$a41gEjaa59A119Q0yFnIsOvQBfqBZTpqnlrxDcOZnAEjucgk.Xspm";

/** bcrypt reads no further, so a longer password would match by its beginning. */
const maxBytes = 72;

export const hashPassword = (password: string): Promise<string> => bcrypt.hash(password, cost);

/** Takes the same time whether or not there is a hash, so that the answer's delay doesn't tell which accounts exist. */
export const isPasswordOf = async (hash: string | null, password: string): Promise<boolean> => {
	const matches = await bcrypt.compare(password, hash ?? dummyHash);
	return matches && hash !== null && Buffer.byteLength(password) <= maxBytes;
};
