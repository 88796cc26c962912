import type { Delivery, DeliveryPayload } from "@agentplanner/contracts";

/** A webhook's body is the payload itself, and each attempt has put down what it sent; of others nothing is known but what was composed. */
export const samenessOf = ({ attempts }: Pick<Delivery, "attempts">, { bytes, sha256 }: DeliveryPayload): string => {
	const exact = `(${bytes} bytes)`;
	const sent = attempts.flatMap(({ exchange }) => exchange?.request?.sha256 ?? []);
	const others = sent.filter((hash) => hash !== sha256).length;
	if (others > 0) return `${exact}; ${others} of ${sent.length} attempts sent something else`;
	return sent.length > 1 ? `${exact}, the same bytes on all ${sent.length} attempts` : `${exact}, the same on every attempt`;
};
