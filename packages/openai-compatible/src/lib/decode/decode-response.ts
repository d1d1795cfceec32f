import {
  chatResponseSchema,
  type ChatResponse,
  type ChatTarget,
  type DecodedResponse,
  type Usage,
} from "@perilune/core/provider";
import type { ErrorMapper } from "../error/map-error.ts";
import { isJsonObject, parseJsonObject, type JsonObject } from "../json-object.ts";
import { findFault } from "./find-fault.ts";
import { mapUnlessSame } from "./map-unless-same.ts";
import { mapUsage } from "./map-usage.ts";
import { mergeChoiceUsage } from "./merge-choice-usage.ts";
import { repairToolCalls, withArgumentsAsText, withField, withIndex, withoutField } from "./repair-choice.ts";
import { reportsError } from "./reported-error.ts";
import { withEveryDigit } from "./with-every-digit.ts";

/** A 2xx body → canonical. Throws ProviderError for an error in disguise and for anything that is no answer. */
export function decodeResponse(body: string, target: ChatTarget, errors: ErrorMapper): DecodedResponse {
  const reported = parseJsonObject(body);
  if (reported === undefined) throw errors.invalidResponse("it is not a JSON object", target);
  if (reportsError(reported)) throw errors.fromObject(reported, target);

  const repaired = repair(reported);
  const fault = findFault(chatResponseSchema, repaired) ?? findMissingEnd(repaired);
  if (fault !== undefined) throw errors.invalidResponse(fault, target);

  const usage = readUsage(reported);
  const isAsItCame = repaired === reported;
  const response = isAsItCame ? reported : rebuild(reported, repaired, body);
  return {
    // The schema has just accepted it; the original is kept because parsing would reorder its fields.
    response: response as ChatResponse,
    ...(usage && { usage }),
    ...(isAsItCame && { text: body }),
  };
}

function rebuild(reported: JsonObject, repaired: JsonObject, body: string): JsonObject {
  const exact = withEveryDigit(reported, body);
  return exact === reported ? repaired : repair(exact);
}

function repair(reported: JsonObject): JsonObject {
  return placeUsage(repairChoices(reported), readUsage(reported));
}

function readUsage(response: JsonObject): Usage | undefined {
  const choices = Array.isArray(response["choices"]) ? response["choices"] : [];
  const choiceUsages = choices.flatMap((choice) => (isJsonObject(choice) && mapUsage(choice["usage"])) || []);
  return mapUsage(response["usage"]) ?? mergeChoiceUsage(choiceUsages);
}

/** Usage that cannot be read is left out rather than passed on as a claim. */
function placeUsage(response: JsonObject, usage: Usage | undefined): JsonObject {
  if (usage !== undefined) return withField(response, "usage", usage);
  return response["usage"] ? withoutField(response, "usage") : response;
}

function repairChoices(response: JsonObject): JsonObject {
  const choices = response["choices"];
  return Array.isArray(choices)
    ? withField(response, "choices", mapUnlessSame<unknown>(choices, repairChoice))
    : response;
}

function repairChoice(choice: unknown, position: number): unknown {
  if (!isJsonObject(choice)) return choice;
  const indexed = withIndex(choice, position);
  const message = indexed["message"];
  return isJsonObject(message)
    ? withField(indexed, "message", repairToolCalls(message, withArgumentsAsText))
    : indexed;
}

/** An answer whose provider does not say why it ended has not been seen to end. */
function findMissingEnd(response: JsonObject): string | undefined {
  const { choices } = response as ChatResponse;
  if (choices.length === 0) return "it has no choices";
  return choices.every((choice) => choice.finish_reason) ? undefined : "it has no finish_reason";
}
