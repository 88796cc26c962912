import type { Integration, SetupStep } from "@agentplanner/contracts";

/** Where its platform posts to. */
export const ingressUrl = ({ adapter, id }: Pick<Integration, "adapter" | "id">, origin = window.location.origin): string =>
	`${origin}/ingress/${adapter}/${id}`;

/** The steps that are for this integration, in its own words. */
export const stepsFor = (steps: readonly SetupStep[], integration: Integration, origin?: string): SetupStep[] =>
	steps.filter((step) => !(step.unless_listening && integration.listens)).map((step) => fillStep(step, integration, origin));

/** A step with the words of this integration: `{ingress_url}`, and `{name}` for the setting of that name. */
const fillStep = (step: SetupStep, integration: Integration, origin?: string): SetupStep => {
	const values: Record<string, unknown> = { ...integration.settings, ingress_url: ingressUrl(integration, origin) };
	const fill = (text: string) => text.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
	const { title, text, link, copy } = step;
	return {
		title,
		text: fill(text),
		...(link && { link: { label: link.label, url: fill(link.url) } }),
		...(copy && { copy: { label: copy.label, text: fill(copy.text) } }),
	};
};
