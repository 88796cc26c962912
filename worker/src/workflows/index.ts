import type { Workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";
import { answerPersonsCommand } from "./answer-command.ts";
import { checkPromises } from "./check-promises.ts";
import { cleanUp } from "./clean-up.ts";
import { climbLadder } from "./climb-ladder.ts";
import { collectAnswer } from "./collect-answer.ts";
import { deliverMessage } from "./deliver-message.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { expireClaim } from "./expire-claim.ts";
import { expireDecision } from "./expire-decision.ts";
import { expireRequest } from "./expire-request.ts";
import { expireSecret } from "./expire-secret.ts";
import { noticeAbsence } from "./notice-absence.ts";
import { recordDecision } from "./record-decision.ts";
import { recordResponse } from "./record-response.ts";
import { replayDeadLetters } from "./replay-dead-letters.ts";
import { replayEvents } from "./replay-events.ts";
import { reviveTurns } from "./revive-turns.ts";
import { settleDelivery } from "./settle-delivery.ts";
import { tellPerson } from "./tell-person.ts";
import { wakeProbe } from "./wake-probe.ts";

/** Every workflow this build runs. */
export const createWorkflows = (house: House): Workflow[] => {
	const deliver = deliverMessage(house);
	const tell = tellPerson(house);
	return [
		dispatchRequest(house, deliver),
		deliver,
		collectAnswer(house),
		recordResponse(house, tell),
		recordDecision(house, tell),
		answerPersonsCommand(house, tell),
		tell,
		settleDelivery(house),
		expireRequest(house),
		climbLadder(house),
		expireDecision(house),
		expireClaim(house),
		expireSecret(house),
		replayEvents(house),
		replayDeadLetters(house),
		noticeAbsence(house),
		wakeProbe(house),
		cleanUp(house),
		checkPromises(house),
		reviveTurns(house),
	];
};
