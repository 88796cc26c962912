const everywhere = ["0.0.0.0", "::"];

/** The address by which people and agents reach the product, and what they should know about it. */
export const publicUrl = (host: string, port: number, given: string | undefined): { url: string; notes: string[] } => {
	if (given) return { url: given, notes: [] };
	const isEverywhere = everywhere.includes(host);
	const name = isEverywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
	const note = `with HOST=${host} set PUBLIC_URL to this machine's address: until then agents elsewhere are told to answer to ${name}`;
	return { url: `http://${name}:${port}`, notes: isEverywhere ? [note] : [] };
};
