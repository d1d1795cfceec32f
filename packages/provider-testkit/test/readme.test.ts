import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as faultyUpstream from "../src/faulty-upstream.ts";

const root = new URL("..", import.meta.url);
const readme = await readFile(new URL("README.md", root), "utf8");

test("shows an example that runs and holds", async () => {
  const [, example = ""] = /```ts\n([^]*?)```/.exec(readme) ?? [];
  expect(example).toContain("startFaultyUpstream");
  const options = ["--conditions=@perilune/source", "--input-type=module-typescript", "--eval", example];
  const { stderr } = await promisify(execFile)(process.execPath, options, { cwd: root });
  expect(stderr).toBe("");
});

test.for(Object.keys(faultyUpstream))("explains %s", (name) => {
  expect(readme).toMatch(new RegExp(`\\b${name}\\(`));
});
