import { z } from "zod";
import { eventsAbout, field, idField, nullable } from "./define.ts";

const event = eventsAbout("delivery");
const about = {
	agent_request_id: nullable(idField("The request that the message belongs to, if to one", "20")),
	subscription_id: idField("The subscription of a message that tells of an event; such ones are told to no subscription", "50").optional(),
};
const failed = { ...about, reason: field(z.string(), "Why, as a code", "unavailable") };

export const deliveryEvents = {
	"message.delivery.queued": event(
		"A message waits to be sent.",
		{
			...about,
			decision_id: idField("The decision that it tells of", "22").optional(),
			integration_id: idField("The integration of a plain message", "31").optional(),
			replay: field(z.boolean(), "Whether it is sent again after it had ended", true).optional(),
		},
		{ trigger: true },
	),
	"message.delivery.delivered": event("The platform took a message.", about),
	"message.delivery.acknowledged": event("Who got a message has spoken of it, so it has arrived.", about),
	"message.delivery.held": event("A message waits for its integration.", failed),
	"message.delivery.revived": event("A message that was taken back counts again, since its request goes on.", about),
	"message.delivery.retrying": event("Sending a message failed; it is tried again.", failed),
	"message.delivery.unknown": event("Nobody can tell whether a message arrived; it is looked for, or sent again under its key.", failed),
	"message.delivery.dead": event("A message can't be delivered; it is kept to be replayed.", failed),
	"message.delivery.discarded": event("A message that could not be delivered was put aside by somebody.", about),
	"message.delivery.restored": event("A message that was put aside counts as undelivered again.", about),
	"message.delivery.cancelled": event("A message was taken back.", about, { trigger: true }),
	"message.delivery.superseded": event("Nobody needs to answer a message any more.", about, { trigger: true }),
};
