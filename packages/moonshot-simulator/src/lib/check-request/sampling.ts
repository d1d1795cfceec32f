import type { ChatRequest, SamplingParameter } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

interface Range {
  readonly parameter: SamplingParameter;
  readonly least: number;
  readonly most: number;
}

const ranges: readonly Range[] = [
  { parameter: "temperature", least: 0, most: 1 },
  { parameter: "top_p", least: 0, most: 1 },
  { parameter: "n", least: 1, most: 5 },
  { parameter: "presence_penalty", least: -2, most: 2 },
  { parameter: "frequency_penalty", least: -2, most: 2 },
];

/** Below this a temperature counts as "very close to 0", where only one answer can be had. */
const closeToZero = 0.3;

/** kimi-k2.5 and later take one value per parameter; the models before it take ranges. */
export function checkSampling(request: ChatRequest): ApiProblem | undefined {
  return request.rules.sampling === "fixed" ? checkFixed(request) : checkRanges(request);
}

function checkFixed({ sampling, rules, thinking }: ChatRequest): ApiProblem | undefined {
  const temperature = thinking.active ? 1 : (rules.temperatureWithoutThinking ?? 1);
  const allowed: Record<SamplingParameter, number> = {
    temperature,
    top_p: 0.95,
    n: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
  };
  for (const { parameter } of ranges) {
    const value = sampling[parameter];
    if (value !== undefined && value !== allowed[parameter])
      return invalidRequest(`invalid ${parameter}: only ${allowed[parameter]} is allowed for this model`);
  }
  return undefined;
}

function checkRanges({ sampling }: ChatRequest): ApiProblem | undefined {
  for (const { parameter, least, most } of ranges) {
    const value = sampling[parameter];
    if (value === undefined) continue;
    if (value < least || value > most || (parameter === "n" && !Number.isInteger(value)))
      return invalidRequest(`invalid ${parameter}: must be between ${least} and ${most} for this model`);
  }
  const { temperature, n } = sampling;
  if (temperature !== undefined && temperature < closeToZero && n !== undefined && n > 1)
    return invalidRequest("invalid n: we can only provide one answer when temperature is close to 0");
  return undefined;
}
