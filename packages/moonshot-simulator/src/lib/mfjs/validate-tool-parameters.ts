import { isSchemaObject } from "./schema-node.ts";
import { validateMfjs } from "./validate-mfjs.ts";

/**
 * The endpoint's complaint about a tool's `parameters`, or undefined when it takes them.
 *
 * The texts are those of the 400 answers seen in 2026, without the "Invalid request: " some of them start with.
 */
export function validateToolParameters(parameters: unknown): string | undefined {
  const problem = isSchemaObject(parameters) ? validateMfjs(parameters, "live") : undefined;
  if (problem !== undefined) {
    return `tools.function.parameters is not a valid moonshot flavored json schema, details: <At path '${problem.path}': ${problem.message}>`;
  }
  return isSchemaObject(parameters) && parameters["type"] === "object"
    ? undefined
    : 'tools.function.parameters.type is required and must be "object"';
}
