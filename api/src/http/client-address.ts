import type { IncomingMessage } from "node:http";

/** Express's own judgement of an address, so many hops away. */
export type Trusts = (address: string, hop: number) => boolean;

/** Whose request it is, as Express tells it of those that it serves: the last address that none of our proxies has. */
export const clientAddress = ({ socket, headers }: IncomingMessage, trusts: Trusts): string => {
	const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
	const addresses = [socket.remoteAddress ?? "", ...forwarded.map((address) => address.trim()).reverse()].filter(
		(address) => address !== "",
	);
	return addresses.find((address, hop) => !trusts(address, hop)) ?? addresses.at(-1) ?? "";
};
