import type { ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";
import { validateMfjs } from "../mfjs/validate-mfjs.ts";

/** A strict answer schema keeps to the provider's dialect, Moonshot Flavored JSON Schema; wording as seen live in 2026. */
export function checkResponseFormat({ responseFormat }: ChatRequest): ApiProblem | undefined {
  if (responseFormat.type !== "json_schema" || !responseFormat.strict) return undefined;
  const problem = validateMfjs(responseFormat.schema, "live");
  return problem === undefined
    ? undefined
    : invalidRequest(
        `Invalid request: response_format.json_schema is not a valid moonshot flavored json schema, details: <At path '${problem.path}': ${problem.message}>`,
      );
}
