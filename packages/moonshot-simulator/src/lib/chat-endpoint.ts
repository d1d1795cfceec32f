import { createHash } from "node:crypto";
import { answerBody } from "./answer-body.ts";
import { answerFrames } from "./answer-frames.ts";
import { availableBalance } from "./account-endpoints.ts";
import type { Answer } from "./answer/answer-plan.ts";
import { cutAnswer } from "./answer/cut-answer.ts";
import { planAnswer } from "./answer/plan-answer.ts";
import type { ChatRequest } from "./chat-request.ts";
import { checkChatRequest } from "./check-request/check-chat-request.ts";
import type { ApiProblem } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { FrameWriter, type ChunkIdentity } from "./frames.ts";
import { drawFrom } from "./random.ts";
import { readChatRequest } from "./read-chat-request.ts";
import { jsonReply, problemReply, type Reply } from "./reply.ts";
import type { Simulation } from "./simulation.ts";
import { countPromptTokens } from "./token-count.ts";
import { usageOf } from "./usage.ts";

/** POST /v1/chat/completions */
export function completeChat(simulation: Simulation, exchange: Exchange): Reply {
  const reading = readChatRequest(exchange.json, simulation.models);
  if ("problem" in reading) return problemReply(reading.problem);
  const request = reading.value;
  const problem =
    checkBalance(simulation) ?? checkChatRequest(request, (fileId) => simulation.files.get(fileId)?.purpose);
  if (problem !== undefined) return problemReply(problem);
  const promptTokens = countPromptTokens(request);
  const maxTokens = roomForAnswer(request, promptTokens);
  const nowMs = simulation.clock.now();
  const admission = simulation.limits.admit(accountOf(simulation, exchange), promptTokens + maxTokens, nowMs);
  if ("problem" in admission) return problemReply(admission.problem);
  const reply = answer(simulation, exchange, request, { promptTokens, maxTokens, nowMs });
  return { ...reply, release: admission.release };
}

interface Sizes {
  readonly promptTokens: number;
  readonly maxTokens: number;
  readonly nowMs: number;
}

function answer(simulation: Simulation, exchange: Exchange, request: ChatRequest, sizes: Sizes): Reply {
  const { promptTokens, maxTokens, nowMs } = sizes;
  const answers = Array.from({ length: request.sampling.n ?? 1 }, (_, choice) =>
    cutAnswer(planAnswer(request, simulation.seed, choice), request.stop, maxTokens),
  );
  const cache = simulation.cache.use(request, nowMs);
  const usage = (some: readonly Answer[]) => usageOf(promptTokens, cache, some, request.rules);
  const identity = identityOf(simulation, exchange, request, nowMs);
  if (!request.stream) return jsonReply(answerBody(identity, answers, usage(answers)));
  const choices = answers.map((one) => ({ answer: one, usage: usage([one]) }));
  const totalUsage = request.includeUsage ? usage(answers) : undefined;
  return { kind: "stream", frames: answerFrames(new FrameWriter(identity), choices, totalUsage) };
}

/** The tokens an answer may have: what was asked for, else the model's default as far as the window allows. */
function roomForAnswer({ maxCompletionTokens, rules, model }: ChatRequest, promptTokens: number): number {
  return (
    maxCompletionTokens ?? Math.min(rules.defaultMaxCompletionTokens, model.contextLength - promptTokens)
  );
}

/** Ids are a unix time and sixteen more hexadecimal digits, which the request decides. */
function identityOf(
  simulation: Simulation,
  exchange: Exchange,
  request: ChatRequest,
  nowMs: number,
): ChunkIdentity {
  const created = Math.floor(nowMs / 1000);
  const body = createHash("sha256").update(exchange.body).digest("hex");
  const digits = drawFrom(simulation.seed, "completion", body, `${nowMs}`).hex(16);
  return {
    id: `chatcmpl-${created.toString(16).padStart(8, "0")}${digits}`,
    created,
    model: request.model.id,
    fingerprint: `fpv0_${drawFrom(simulation.seed, "fingerprint", request.model.id).hex(8)}`,
  };
}

function checkBalance({ balance, organisation }: Simulation): ApiProblem | undefined {
  const available = availableBalance(balance);
  return available > 0
    ? undefined
    : {
        status: 429,
        type: "exceeded_current_quota_error",
        message: `You exceeded your current token quota: <${organisation}> ${available}, please check your account balance`,
      };
}

/** The account as the provider's texts name it: the organisation and a name of the key that gives nothing away. */
function accountOf(simulation: Simulation, { apiKey }: Exchange): string {
  return `${simulation.organisation}<ak-${drawFrom(simulation.seed, "key", apiKey).hex(20)}>`;
}
