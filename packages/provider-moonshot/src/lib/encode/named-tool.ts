import type { ChatRequest } from "@perilune/core/provider";

/** The name of the tool that `tool_choice` asks for, if it asks for one. */
export function namedTool({ tool_choice: choice }: ChatRequest): string | undefined {
  if (typeof choice !== "object" || choice === null) return undefined;
  const named = choice["function"];
  if (typeof named !== "object" || named === null || !("name" in named)) return undefined;
  return typeof named.name === "string" ? named.name : undefined;
}
