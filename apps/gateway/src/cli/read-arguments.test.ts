import { describe, expect, it } from "vitest";
import { readArguments } from "./read-arguments.ts";

describe("the command line", () => {
  it.each([
    [[], { kind: "serve" }],
    [["serve"], { kind: "serve" }],
    [
      ["--config", "c.yaml", "--port", "80", "--host", "::1"],
      { kind: "serve", config: "c.yaml", port: 80, host: "::1" },
    ],
    [["--", "-c", "c.yaml", "-p", "0"], { kind: "serve", config: "c.yaml", port: 0 }],
    [["check", "-c", "c.yaml"], { kind: "check", config: "c.yaml" }],
    [["schema"], { kind: "schema" }],
    [["-h"], { kind: "help" }],
    [["-v"], { kind: "version" }],
  ])("%j is a command", (argv, command) => {
    expect(readArguments(argv)).toEqual(command);
  });

  it.each([
    [["check"], "check needs --config"],
    [["start"], 'Unknown command "start"'],
    [["serve", "now"], 'Unexpected argument "now"'],
    [["--prot", "80"], "--prot"],
    [["--port", "65536"], "--port: expected a number from 0 to 65535"],
    [["--port", "-1"], "--port"],
    [["--port="], '--port: expected a number from 0 to 65535, got ""'],
    [["--port", "0x50"], "--port"],
    [["--port", "80.5"], "--port"],
    [["--config"], "--config"],
  ])("%j is a mistake with its reason", (argv, reason) => {
    expect(readArguments(argv)).toEqual({ kind: "mistake", message: expect.stringContaining(reason) });
  });
});
