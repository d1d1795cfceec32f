import {
  renameParameter,
  removeParameter,
  setParameter,
  type RequestRule,
} from "@perilune/openai-compatible";

const because = {
  reason: "Moonshot takes tools; functions is OpenAI's older name for them.",
  effect: "spelling",
} as const;

/** `functions` → `tools`, behind the tools already there; null is as good as absent. */
export const translateFunctions: RequestRule = (request) => {
  const functions = request["functions"];
  if (!Array.isArray(functions)) return undefined;
  const translated: unknown[] = functions.map((declaration: unknown) => ({
    type: "function",
    function: declaration,
  }));
  if (!request.tools) {
    const { request: renamed, adjustments } = renameParameter(request, "functions", "tools", because);
    return { request: setParameter(renamed, "tools", translated, because).request, adjustments };
  }
  const joined = setParameter(request, "tools", [...request.tools, ...translated], because);
  const removed = removeParameter(joined.request, "functions", because);
  return { request: removed.request, adjustments: [...joined.adjustments, ...removed.adjustments] };
};
