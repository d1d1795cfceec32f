import type { Adjustment, ChatRequest } from "@perilune/core/provider";
import { applyRules, type Change, type RequestRule } from "@perilune/openai-compatible";
import type { SchemaChange } from "../json-schema/rewrite-step.ts";
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

// Adjustments travel in a header, where they have to share the room.
const mostKindsNamed = 5;

/** Names the kinds of changes only: the changes themselves name properties of the caller's schema. */
function adjustmentFor(parameter: string, before: unknown, { changes }: NormalizedSchema): Adjustment {
  return {
    parameter,
    action: before === undefined ? "added" : "changed",
    reason: `The schema was brought into Moonshot's dialect of JSON Schema (MFJS): ${kindsIn(changes)}.`,
    effect: changes.some(({ isInexact }) => isInexact === true) ? "meaning" : "spelling",
  };
}

function kindsIn(changes: readonly SchemaChange[]): string {
  const kinds = [...new Set(changes.map(({ kind }) => kind))];
  const named = kinds.slice(0, mostKindsNamed).join(", ");
  const unnamed = kinds.length - mostKindsNamed;
  return unnamed > 0 ? `${named} and ${unnamed} more` : named;
}
