import { toolsInForce, type ChatRequest, type Tool } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";
import { validateToolParameters } from "../mfjs/validate-tool-parameters.ts";

// The newest documented length (2026-09-12); a leading underscore is taken although the text says letter (2026-06-20).
const functionName = /^[a-zA-Z_][a-zA-Z0-9_-]{0,127}$/;

const builtins = new Set(["$web_search"]);

export function checkTools(request: ChatRequest): ApiProblem | undefined {
  const tools = toolsInForce(request);
  if (tools.length > 0 && !request.rules.tools)
    return invalidRequest("Invalid request: tools are not supported for this model");
  const names = new Set<string>();
  for (const tool of tools) {
    const problem = tool.type === "function" ? checkFunction(tool) : checkBuiltin(tool);
    if (problem !== undefined) return problem;
    if (names.has(tool.name))
      return invalidRequest(`Invalid request: function name ${tool.name} is duplicated`);
    names.add(tool.name);
  }
  return undefined;
}

function checkFunction(tool: Tool): ApiProblem | undefined {
  if (!functionName.test(tool.name))
    return invalidRequest(
      "Invalid request: function name is invalid, must start with a letter and can contain letters, numbers, underscores, and dashes",
    );
  const complaint = tool.strict ? validateToolParameters(tool.parameters) : undefined;
  return complaint === undefined ? undefined : invalidRequest(`Invalid request: ${complaint}`);
}

function checkBuiltin(tool: Tool): ApiProblem | undefined {
  return builtins.has(tool.name)
    ? undefined
    : invalidRequest(`Invalid request: unknown builtin function: ${tool.name}`);
}
