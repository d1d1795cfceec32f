import type { Path } from "./config-problem.ts";

/** Puts `value` at a path of bare data, or takes the key away when it is undefined; list positions are kept. */
export function editPlain(root: unknown, path: Path, value: unknown): void {
  const last = path.at(-1);
  let parent = root;
  for (const segment of path.slice(0, -1)) parent = isContainer(parent) ? parent[segment] : undefined;
  if (last === undefined || !isContainer(parent)) return;
  if (value === undefined && !Array.isArray(parent)) delete parent[last];
  else parent[last] = value;
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
