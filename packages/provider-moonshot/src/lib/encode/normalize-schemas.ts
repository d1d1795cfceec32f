import type { Adjustment, ChatRequest } from "@perilune/core/provider";
import { applyRules, type Change, type RequestRule } from "@perilune/openai-compatible";
import {
  normalizeJsonSchema,
  normalizeToolParameters,
  type NormalizedSchema,
} from "../normalize-json-schema.ts";

/** Schemas of tools and of the answer have to be in Moonshot's dialect of JSON Schema (MFJS). */
export const normalizeSchemas: RequestRule = (request, target) => {
  const change = applyRules([normalizeTools, normalizeResponseFormat], request, target);
  return change.adjustments.length === 0 ? undefined : change;
};

function normalizeTools(request: ChatRequest): Change | undefined {
  const adjustments: Adjustment[] = [];
  const tools = request.tools?.map((tool, index) => {
    if (tool.type !== "function" || tool.function === undefined) return tool;
    const { parameters } = tool.function;
    const normalized = normalizeToolParameters(parameters);
    if (normalized.schema === parameters) return tool;
    adjustments.push(adjustmentFor(`tools[${index}].function.parameters`, parameters, normalized));
    return { ...tool, function: { ...tool.function, parameters: normalized.schema } };
  });
  return adjustments.length === 0 ? undefined : { request: { ...request, tools }, adjustments };
}

function normalizeResponseFormat(request: ChatRequest): Change | undefined {
  const format = request.response_format;
  const named = format?.["json_schema"];
  if (!format || typeof named !== "object" || named === null || !("schema" in named)) return undefined;
  const normalized = normalizeJsonSchema(named.schema);
  if (normalized.schema === named.schema) return undefined;
  const response_format = { ...format, json_schema: { ...named, schema: normalized.schema } };
  return {
    request: { ...request, response_format },
    adjustments: [adjustmentFor("response_format.json_schema.schema", named.schema, normalized)],
  };
}

/** Counts the changes instead of listing them: they name properties of the caller's schema. */
function adjustmentFor(parameter: string, before: unknown, { changes }: NormalizedSchema): Adjustment {
  const places = changes.length === 1 ? "one place" : `${changes.length} places`;
  return {
    parameter,
    action: before === undefined ? "added" : "changed",
    reason: `The schema was brought into Moonshot's dialect of JSON Schema (MFJS) in ${places}.`,
    effect: changes.some(({ isInexact }) => isInexact === true) ? "meaning" : "spelling",
  };
}
