import type { Place, RouteProblem } from "./route-problem.ts";
import { problemAt } from "./route-problem.ts";

/** That one name leads to another, and where it says so. */
export interface Reference {
  readonly from: string;
  readonly to: string;
  readonly place: Place;
}

/** One problem for every reference that closes a loop, naming the way round. */
export function findLoops(references: readonly Reference[]): RouteProblem[] {
  const byName = Map.groupBy(references, ({ from }) => from);
  const finished = new Set<string>();
  const problems: RouteProblem[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    if (finished.has(name)) return;
    for (const { to, place } of byName.get(name) ?? []) {
      const since = [...way, name].indexOf(to);
      if (since < 0) visit(to, [...way, name]);
      else
        problems.push(problemAt(place, `leads in a circle: ${[...way, name, to].slice(since).join(" → ")}`));
    }
    finished.add(name);
  };
  for (const name of byName.keys()) visit(name, []);
  return problems;
}
