import { describe, expect, it } from "vitest";
import { formatProblem } from "./format-problem.ts";

describe("a formatted problem", () => {
  const place = { file: "config.yaml", line: 5, column: 16 };

  it("begins with file, line and column and ends with what was probably meant", () => {
    const problem = { ...place, path: "server.port", message: "expected a number", suggestion: "4000" };
    expect(formatProblem(problem)).toBe(
      "config.yaml:5:16 server.port: expected a number. Did you mean 4000?",
    );
  });

  it("has no path when the whole file is meant", () => {
    expect(formatProblem({ ...place, path: "", message: "it is empty" })).toBe(
      "config.yaml:5:16 it is empty",
    );
  });
});
