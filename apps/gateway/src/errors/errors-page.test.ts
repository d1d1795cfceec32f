import { readFileSync } from "node:fs";
import { errorCodes, errorTable, ProviderError } from "@perilune/core";
import type { ErrorCode } from "@perilune/core";
import { describe, expect, it } from "vitest";
import { toOpenAiError } from "./to-openai-error.ts";

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");

/** The tables of the page, each as rows of cells without their code marks. */
const tables = [...page.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) =>
  table
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    ),
);

function told(code: ErrorCode, owner: "operator" | "caller"): string[] {
  const { status, body } = toOpenAiError(new ProviderError({ code, message: "", origin: "upstream" }), {
    owner,
  });
  const liteLlm = /litellm\.(\w+)/.exec(body.error.message)?.[1] ?? "";
  return [String(status), body.error.type, body.error.code, liteLlm];
}

describe("the page of errors", () => {
  it("says of every code what the error table and the answers say, and of no other", () => {
    const rows = (tables[0] ?? []).map(([code, _meaning, ...rest]) => [code, ...rest]);
    const truth = errorCodes.map((code) => {
      const { retrySameTarget, nextTarget, hurtsHealth } = errorTable[code];
      return [code, retrySameTarget, nextTarget, hurtsHealth, ...told(code, "operator")];
    });
    expect(rows).toEqual(truth);
  });

  it("says what every code means", () => {
    expect((tables[0] ?? []).filter(([, meaning = ""]) => meaning.length < 10)).toEqual([]);
  });

  it("says which codes a caller's own key changes", () => {
    const changed = errorCodes.filter(
      (code) => told(code, "caller").join() !== told(code, "operator").join(),
    );
    expect(tables[1]).toEqual(changed.map((code) => [code, ...told(code, "caller")]));
  });
});
