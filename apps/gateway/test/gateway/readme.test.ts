import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../src/cli/run-command.ts";
import { startGateway } from "./start-gateway.ts";

/* The repository's README, executed. */
const run = promisify(execFile);
const repository = path.join(import.meta.dirname, "../../../..");
const gatewayPackage = path.join(repository, "apps/gateway");

let readme: string;
let folder: string;
beforeAll(async () => {
  readme = await readFile(path.join(repository, "README.md"), "utf8");
  // Inside the package, so that the snippet finds what it imports.
  folder = await mkdtemp(path.join(gatewayPackage, "test/gateway/.readme-"));
});
afterAll(() => rm(folder, { recursive: true }));

function block(language: string, holding: string): string {
  const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const found = blocks.filter(([, name, text = ""]) => name === language && text.includes(holding));
  expect(found).toHaveLength(1);
  return found[0]?.[2] ?? "";
}

async function command(argv: string[], environment: Record<string, string>, stop?: Promise<void>) {
  const printed: string[] = [];
  const complained: string[] = [];
  const surroundings = {
    environment,
    print: (line: string) => void printed.push(line),
    complain: (line: string) => void complained.push(line),
    stopped: stop ?? Promise.resolve(),
  };
  return { code: await runCommand(argv, surroundings), printed, complained };
}

describe("the README", () => {
  it("has a configuration without a mistake and without a warning", async () => {
    const file = path.join(folder, "config.yaml");
    await writeFile(file, block("yaml", "model_list"));
    const result = await command(["check", "--config", file], {
      MOONSHOT_API_KEY: "sk-x",
      PERILUNE_MASTER_KEY: "sk-a-long-and-random-one",
    });
    expect(result).toEqual({
      code: 0,
      complained: [],
      printed: [expect.stringContaining("is valid: 3 deployments, 1 virtual key.")],
    });
  });

  it("has a TypeScript program that compiles and prints an answer twice", { timeout: 60_000 }, async () => {
    await using gateway = await startGateway();
    const program = block("ts", "createRouter").replace(
      "apiKey: process.env.MOONSHOT_API_KEY",
      "$&, baseUrl: process.env.MOONSHOT_API_BASE",
    );
    expect(program).toContain("MOONSHOT_API_BASE");
    await writeFile(path.join(folder, "program.ts"), program);
    await writeFile(
      path.join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../../../../tsconfig.base.json", include: ["program.ts"] }),
    );
    const environment = {
      ...process.env,
      MOONSHOT_API_KEY: "sk-x",
      MOONSHOT_API_BASE: `${gateway.simulator.url}/v1`,
    };
    const typeScript = path.join(repository, "node_modules/typescript/bin/tsc");
    await run(process.execPath, [typeScript, "-p", folder]);
    const { stdout } = await run(
      process.execPath,
      ["--conditions=@perilune/source", path.join(folder, "program.ts")],
      { env: environment },
    );
    expect(stdout.match(/You asked: “Hello, moon”/g)).toHaveLength(2);
    expect(gateway.simulator.requests).toHaveLength(2);
  });

  it("has a curl command that works against a gateway in demo mode", async () => {
    const stop = Promise.withResolvers<void>();
    const printed: string[] = [];
    const listening = Promise.withResolvers<string>();
    const over = runCommand(["--port", "0"], {
      environment: {},
      print: (line) => {
        printed.push(line);
        const url = /listening on (\S+)/.exec(line)?.[1];
        if (url !== undefined) listening.resolve(url);
      },
      complain: (line) => void printed.push(line),
      stopped: stop.promise,
    });
    const url = await listening.promise;
    const typed = block("bash", "/v1/chat/completions").replace("http://127.0.0.1:4000", url);
    const { stdout } = await run("bash", ["-c", typed]);
    expect(JSON.parse(stdout)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
    const greeting = printed.find((line) => line.includes("Demo mode")) ?? "";
    const streamed = await run("bash", ["-c", greeting.slice(greeting.indexOf("curl"))]);
    expect(streamed.stdout).toMatch(/data: \[DONE\]\n\n$/);
    stop.resolve();
    expect(await over).toBe(0);
  });
});
