import {
  conversationOf,
  toolsInForce,
  type ChatMessage,
  type ChatRequest,
  type Tool,
} from "../chat-request.ts";
import type { Draw } from "../random.ts";
import { countTokens } from "../token-count.ts";
import type { PlannedToolCall } from "./answer-plan.ts";
import { questionOf } from "./compose-text.ts";
import { generateValue } from "./generate-value.ts";

/** The calls an answer makes: to the tools it is told to call, or to those the user's last message mentions. */
export function planToolCalls(request: ChatRequest, draw: Draw): readonly PlannedToolCall[] {
  const messages = conversationOf(request);
  const question = questionOf(messages);
  const made = messages.reduce((sum, message) => sum + message.toolCalls.length, 0);
  return chooseTools(request, messages, question).map((tool, index) => ({
    id: callId(tool, made + index, request),
    type: tool.type,
    name: tool.name,
    arguments: JSON.stringify(argumentsFor(tool, question, draw)),
  }));
}

function chooseTools(
  request: ChatRequest,
  messages: readonly ChatMessage[],
  question: string,
): readonly Tool[] {
  const tools = toolsInForce(request);
  const { toolChoice } = request;
  if (toolChoice.kind === "none") return [];
  if (toolChoice.kind === "named") return tools.filter((tool) => tool.name === toolChoice.name);
  const mentioned = tools.filter((tool) => isMentioned(tool.name, question));
  if (toolChoice.kind === "required") return mentioned.length > 0 ? mentioned : tools.slice(0, 1);
  return messages.at(-1)?.role === "user" ? mentioned : [];
}

const wordsOfEveryTool = new Set([
  "get",
  "set",
  "the",
  "for",
  "and",
  "tool",
  "call",
  "function",
  "api",
  "use",
]);

// `get_weather` is mentioned by "get_weather" and by "weather".
function isMentioned(name: string, question: string): boolean {
  const asked = question.toLowerCase();
  if (asked.includes(name.toLowerCase())) return true;
  const said = new Set(asked.match(/[\p{L}\p{N}]+/gu));
  return name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => word.length > 2 && !wordsOfEveryTool.has(word) && said.has(word));
}

// The number runs on over the conversation: captures show `filesystem-read:73` on K2 and `get_weather_0` on K3.
function callId(tool: Tool, number: number, { rules }: ChatRequest): string {
  return rules.toolCallIds === "name_N" ? `${tool.name}_${number}` : `${tool.name}:${number}`;
}

function argumentsFor(tool: Tool, question: string, draw: Draw): unknown {
  if (tool.type === "function") return generateValue(tool.parameters ?? {}, question, draw);
  // The client sends these arguments back as they are; the tokens are those of the search result.
  return {
    search_result: { search_id: draw.hex(32) },
    usage: { total_tokens: 2_000 + countTokens(question) },
  };
}
