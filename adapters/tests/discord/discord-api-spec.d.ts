/** The package ships these schemas without types: https://github.com/RiskyMH/discord-api-spec-ts */
declare module "discord-api-spec/zod" {
	import type { z } from "zod/mini";

	type Schema = z.ZodMiniObject;
	export const ApplicationCommandCreateRequestSchema: Schema;
	export const IncomingWebhookUpdateRequestPartialSchema: Schema;
	export const MessageCreateRequestSchema: Schema;
	export const MessageEditRequestPartialSchema: Schema;
	export const IncomingWebhookRequestPartialSchema: Schema;
	export const PongInteractionCallbackRequestSchema: Schema;
	export const CreateMessageInteractionCallbackRequestSchema: Schema;
	export const UpdateMessageInteractionCallbackRequestSchema: Schema;
	export const ModalInteractionCallbackRequestSchema: Schema;
}
