import { toolsInForce, type ChatRequest } from "../chat-request.ts";
import { invalidRequest, type ApiProblem } from "../errors.ts";

/** Thinking models refuse to be told which tool to call; being told to call any is for the K3 family alone. */
export function checkToolChoice(request: ChatRequest): ApiProblem | undefined {
  const { toolChoice, rules, thinking } = request;
  const refusedByThinking = thinking.active && rules.namedToolRefusedWhileThinking;
  if (toolChoice.kind === "required" && !rules.requiredToolChoice)
    return invalidRequest(
      refusedByThinking
        ? "tool_choice 'required' is incompatible with thinking enabled"
        : "invalid tool_choice: required is not supported for this model",
    );
  if (toolChoice.kind === "named" && refusedByThinking)
    return invalidRequest("tool_choice 'specified' is incompatible with thinking enabled");
  return checkToolsToChoose(request);
}

function checkToolsToChoose(request: ChatRequest): ApiProblem | undefined {
  const { toolChoice } = request;
  const tools = toolsInForce(request);
  if (toolChoice.kind === "required" && tools.length === 0)
    return invalidRequest("invalid tool_choice: required needs tools");
  if (toolChoice.kind === "named" && !tools.some((tool) => tool.name === toolChoice.name))
    return invalidRequest(`invalid tool_choice: function ${toolChoice.name} is not among the tools`);
  return undefined;
}
