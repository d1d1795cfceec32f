import type { ChatRequest } from "../chat-request.ts";
import type { ApiProblem } from "../errors.ts";
import { checkContentFilter } from "./content-filter.ts";
import { checkContentParts, type FilePurposeOf } from "./content-parts.ts";
import { checkLength } from "./length.ts";
import { checkMessages } from "./messages.ts";
import { checkPartialMode } from "./partial-mode.ts";
import { checkResponseFormat } from "./response-format.ts";
import { checkSampling } from "./sampling.ts";
import { checkStop } from "./stop.ts";
import { checkThinking } from "./thinking.ts";
import { checkToolChoice } from "./tool-choice.ts";
import { checkToolHistory } from "./tool-history.ts";
import { checkTools } from "./tools.ts";

type Rule = (request: ChatRequest, filePurposeOf: FilePurposeOf) => ApiProblem | undefined;

// The first rule that refuses decides the answer; which one the provider reports first is not documented.
const rules: readonly Rule[] = [
  checkThinking,
  checkSampling,
  checkStop,
  checkMessages,
  checkContentParts,
  checkToolHistory,
  checkPartialMode,
  checkTools,
  checkToolChoice,
  checkResponseFormat,
  checkLength,
  checkContentFilter,
];

export function checkChatRequest(request: ChatRequest, filePurposeOf: FilePurposeOf): ApiProblem | undefined {
  for (const rule of rules) {
    const problem = rule(request, filePurposeOf);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
