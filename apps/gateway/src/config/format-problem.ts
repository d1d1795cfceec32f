import type { ConfigProblem } from "./config-problem.ts";

/** Renders a problem as one line that editors and terminals can jump from: `file:line:column path: message.` */
export function formatProblem(problem: ConfigProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  const what = problem.path === "" ? problem.message : `${problem.path}: ${problem.message}`;
  const hint = problem.suggestion === undefined ? "" : `. Did you mean ${problem.suggestion}?`;
  return `${where} ${what}${hint}`;
}
