import { expect, it } from "vitest";
import { readCommandLine } from "./read-command-line.ts";

it("reads every option", () => {
  const line = "--port 8001 --host 0.0.0.0 --as-of 2026-11-22 --api-key sk-a --api-key sk-b --seed s";
  expect(readCommandLine([...line.split(" "), "--token-delay-ms", "20"])).toEqual({
    options: {
      port: 8001,
      host: "0.0.0.0",
      asOf: new Date("2026-11-22T00:00:00Z"),
      apiKeys: ["sk-a", "sk-b"],
      seed: "s",
      tokenDelayMs: 20,
    },
  });
});

it.each([
  [["--prot", "1"], "Unknown option '--prot'"],
  [["--port", "70000"], '--port must be a whole number from 0 to 65535, not "70000"'],
  [["--port", "80a"], '--port must be a whole number from 0 to 65535, not "80a"'],
  [["--as-of", "22.11.2026"], '--as-of must be a day such as 2026-11-22, not "22.11.2026"'],
  [["stray"], "Unexpected argument 'stray'"],
])("refuses %j", (args, reason) => {
  expect(readCommandLine(args)).toEqual({ exitCode: 2, text: expect.stringContaining(reason) });
});

it("prints its usage for --help", () => {
  expect(readCommandLine(["--help"])).toEqual({ exitCode: 0, text: expect.stringContaining("--as-of") });
});
