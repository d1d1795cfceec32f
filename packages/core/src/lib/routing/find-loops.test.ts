import { describe, expect, it } from "vitest";
import { findLoops } from "./find-loops.ts";

function loops(...edges: string[]): string[] {
  const references = edges.map((edge) => ({ from: edge[0]!, to: edge[1]!, place: ["rules", edge] }));
  return findLoops(references).map(({ path, message }) => `${path} ${message}`);
}

describe("loops", () => {
  it("are reported once, at the reference that closes them", () => {
    expect(loops("ab", "bc", "ca")).toEqual(["rules.ca leads in a circle: a → b → c → a"]);
    expect(loops("xa", "ab", "ba")).toEqual(["rules.ba leads in a circle: a → b → a"]);
    expect(loops("aa")).toEqual(["rules.aa leads in a circle: a → a"]);
  });

  it("are not seen where two ways lead to one place", () => {
    expect(loops("ab", "ac", "bd", "cd")).toEqual([]);
  });

  it("are found quickly in a dense graph", () => {
    const names = Array.from({ length: 60 }, (_, index) => index);
    const references = names.flatMap((from) =>
      names.filter((to) => to > from).map((to) => ({ from: String(from), to: String(to), place: [] })),
    );
    expect(findLoops(references)).toEqual([]);
  });
});
