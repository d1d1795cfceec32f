import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";

async function serve(argv: string[], environment: Record<string, string>) {
  const printed: string[] = [];
  const complained: string[] = [];
  const code = await runCommand(["--port", "0", ...argv], {
    environment,
    print: (line) => void printed.push(line),
    complain: (line) => void complained.push(line),
    stopped: Promise.resolve(),
  });
  return { code, printed: printed.join("\n"), complained: complained.join("\n") };
}

const provider = { MOONSHOT_API_KEY: "sk-x" };
const withKey = { ...provider, PERILUNE_MASTER_KEY: "sk-a-long-and-random-one" };

describe("a gateway without a key of its own", () => {
  it.each(["0.0.0.0", "::", "127.example.com", "127.0.0.1.example.com", "10.0.0.1"])(
    "listens on loopback instead of %s, and says so",
    async (host) => {
      const { code, printed, complained } = await serve(["--host", host], provider);
      expect(code).toBe(0);
      expect(printed).toMatch(/listening on http:\/\/127\.0\.0\.1:\d+/);
      expect(complained).toContain(`listening on 127.0.0.1 only, not on ${host}`);
    },
  );

  it.each(["127.0.0.1", "localhost"])("listens on %s, and says who may call", async (host) => {
    const { code, complained } = await serve(["--host", host], provider);
    expect(code).toBe(0);
    expect(complained).toContain("anybody on this machine may call");
  });
});

describe("a gateway with a key", () => {
  it("listens where it is told to", async () => {
    const { code, printed, complained } = await serve(["--host", "0.0.0.0"], withKey);
    expect([code, complained]).toEqual([0, ""]);
    expect(printed).toContain("listening on http://0.0.0.0:");
  });

  it.each(["sk-1234", "a1b2c3d4"])(
    "does not listen on a network with one that is easy to guess: %s",
    async (key) => {
      const { code, complained } = await serve(["--host", "0.0.0.0"], {
        ...provider,
        PERILUNE_MASTER_KEY: key,
      });
      expect(code).toBe(1);
      expect(complained).toContain("not listening on 0.0.0.0 with it");
      expect(complained).not.toContain(key);
    },
  );

  it("listens on loopback with any", async () => {
    expect(await serve([], { ...provider, PERILUNE_MASTER_KEY: "sk-1234" })).toMatchObject({ code: 0 });
  });

  it("keeps it in demo mode", async () => {
    const { printed, complained } = await serve([], { PERILUNE_MASTER_KEY: "sk-a-long-and-random-one" });
    expect(printed).toContain("Demo mode");
    expect(complained).not.toContain("master_key");
  });
});

describe("a gateway that cannot start", () => {
  it("says which address it did not get", async () => {
    const { code, complained } = await serve(["--host", "192.0.2.1"], withKey);
    expect(code).toBe(1);
    expect(complained).toContain("Cannot listen on 192.0.2.1:0");
  });

  it.each(["high", "70000", "0x50", " "])("says that PORT=%j is no port", async (port) => {
    const complained: string[] = [];
    const code = await runCommand([], {
      environment: { ...withKey, PORT: port },
      print: () => undefined,
      complain: (line) => void complained.push(line),
      stopped: Promise.resolve(),
    });
    expect([code, complained]).toEqual([2, [`PORT: expected a number from 0 to 65535, got "${port}".`]]);
  });

  it("says which file it did not find", async () => {
    const { code, complained } = await serve(["--config", "/nowhere/config.yaml"], withKey);
    expect(code).toBe(1);
    expect(complained).toContain("/nowhere/config.yaml");
  });
});

describe("perilune check", () => {
  it("finds fallbacks that lead in a circle, at their place", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "perilune-check-"));
    const file = path.join(directory, "config.yaml");
    writeFileSync(
      file,
      `model_list:
  - { model_name: a, litellm_params: { model: moonshot/kimi-k3 } }
  - { model_name: b, litellm_params: { model: moonshot/kimi-k2.6 } }
router_settings:
  fallbacks:
    - a: [b]
    - b: [a]
`,
    );
    const complained: string[] = [];
    const code = await runCommand(["check", "--config", file], {
      environment: provider,
      print: () => {},
      complain: (line) => void complained.push(line),
      stopped: Promise.resolve(),
    });
    rmSync(directory, { recursive: true });
    expect(code).toBe(1);
    expect(complained.join("\n")).toMatch(/config\.yaml:[67]:\d+ router_settings\.fallbacks\[[01]\]\.[ab]/);
  });
});
